// The frame of one cell's output as Colab makes it, from the packages that its widget manager is made of.
//
// As there, the frame comes after the cell has run: it is not told of the widgets, but asks the kernel for each model when
// something needs it, and a module that it does not know is loaded as a script that calls `define`.

import * as base from "@jupyter-widgets/base";
import { ManagerBase } from "@jupyter-widgets/base-manager";
import * as controls from "@jupyter-widgets/controls";
import { KernelAPI, KernelConnection, ServerConnection } from "@jupyterlab/services";
import { Widget } from "@lumino/widgets";
import "@jupyter-widgets/controls/css/labvariables.css";
import "@jupyter-widgets/controls/css/widgets.css";
import "@lumino/widgets/style/index.css";

const WIDGET = "application/vnd.jupyter.widget-view+json";

const asked = new URLSearchParams(location.search);
const serverSettings = ServerConnection.makeSettings({
  baseUrl: `${location.origin}/`, wsUrl: `${location.origin.replace("http", "ws")}/`, token: asked.get("token"), appendToken: true,
});

async function connection(handleComms) {
  const model = await KernelAPI.getKernelModel(asked.get("kernel"), serverSettings);
  return new KernelConnection({ model, serverSettings, handleComms });
}

class Manager extends ManagerBase {
  constructor(kernel) {
    super();
    this.kernel = kernel;
    this.asked = new Map();
  }

  get_model(id) {
    if (!this.asked.has(id)) this.asked.set(id, this.ask(id));
    return this.asked.get(id);
  }

  /** The model whose state the kernel sends when it is asked. */
  async ask(id) {
    const comm = await this._create_comm(this.comm_target_name, id);
    const state = await new Promise((resolve) => {
      comm.on_msg(({ content: { data } }) => { if (data.method === "update") resolve(data.state); });
      comm.send({ method: "request_state" }, {});
    });
    const [model_name, model_module, model_module_version] = [state._model_name, state._model_module, state._model_module_version];
    return this.new_model({ model_name, model_module, model_module_version, comm }, state);
  }

  async _create_comm(target, id, data, metadata, buffers) {
    const comm = this.kernel.createComm(target, id);
    if (data || metadata) comm.open(data, metadata, buffers);
    return new base.shims.services.Comm(comm);
  }

  async _get_comm_info() { return {}; }

  async loadClass(name, module) {
    const modules = { "@jupyter-widgets/base": base, "@jupyter-widgets/controls": controls };
    const found = (modules[module] ?? await scripted(module, modules))[name];
    if (!found) throw new Error(`no ${name} in ${module}`);
    return found;
  }
}

const scripts = {};

/** What the script `module`.js defines, which asks for what it needs by name. */
function scripted(module, known) {
  scripts[module] ??= new Promise((resolve, reject) => {
    window.define = (needs, make) => resolve(make(...needs.map((name) => known[name])));
    const script = document.createElement("script");
    Object.assign(script, { src: `${module}/index.js`, onerror: () => reject(new Error(`${module} was not found`)) });
    document.head.append(script);
  });
  return scripts[module];
}

let runner;

/** Run a cell; gives its outputs. */
async function run(code) {
  runner ??= await connection(false);
  const outputs = [];
  const future = runner.requestExecute({ code });
  future.onIOPub = ({ header, content }) => {
    if (["display_data", "execute_result", "stream", "error"].includes(header.msg_type)) outputs.push({ type: header.msg_type, ...content });
  };
  await future.done;
  return outputs;
}

/** What a cell printed. Throws where it failed. */
async function printed(code) {
  const outputs = await run(code);
  const failed = outputs.find(({ type }) => type === "error");
  if (failed) throw new Error(`${failed.ename}: ${failed.evalue}`);
  return outputs.map(({ text }) => text ?? "").join("");
}

/** Run a cell and show its outputs, each in elements of its own. */
async function show(code) {
  const outputs = await run(code);
  const manager = new Manager(await connection(true));
  for (const [number, { type, data, text, ename, evalue }] of outputs.entries()) {
    const inner = document.createElement("div");
    inner.className = "output_subarea";
    const outer = document.createElement("div");
    outer.className = `display_data output-id-${number + 1}`;
    outer.append(inner);
    document.querySelector("#output-body").append(outer);
    if (data?.[WIDGET]) {
      const model = await manager.get_model(data[WIDGET].model_id);
      const view = await manager.create_view(model);
      Widget.attach(view.luminoWidget, inner);
    } else if (data?.["image/png"]) {
      const image = new Image();
      image.src = `data:image/png;base64,${data["image/png"]}`;
      inner.append(image);
    } else {
      inner.textContent = type === "error" ? `${ename}: ${evalue}` : text ?? data?.["text/plain"] ?? "";
    }
  }
}

Object.assign(window, { printed, show });
