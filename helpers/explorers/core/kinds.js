// The kinds of panels. A new kind is a class in a file of its own and one line here; CONTRIBUTING.md says how.

import { ConfusionPanel } from "../epoch_by_epoch/confusion_panel.js";
import { CurvesPanel } from "./curves.js";
import { DigitPanel } from "../digit/digit_panel.js";
import { CostPanel, FitPanel, UnitsPanel, WeightsPanel } from "../fit/fit_panels.js";
import { GraphPanel } from "../graph/graph_panel.js";
import { HeatPanel } from "./heat.js";
import { ImagesPanel } from "../epoch_by_epoch/images_panel.js";
import { GrowthPanel, LayersPanel } from "../initialisation/layers_panel.js";
import { NetworkPanel } from "./network_panel.js";
import { ScorePanel } from "./score_panel.js";
import { SurfacePanel } from "./surface_panel.js";
import { TablePanel } from "../backprop/table_panel.js";
import { WorkingPanel } from "../backprop/working_panel.js";

/** `kind` in the description of a panel -> the class that computes, paints and handles it.
 *
 * The picture makes one object for each panel, new Kind(picture, panel), and uses what the object has of:
 *   contents(box, variables, data)  everything that is drawn, computed. What it throws leaves the last picture as it was.
 *                                   It may add to `variables` numbers that the sentences quote.
 *   paint(context, box, contents)   draw on the canvas, in CSS pixels, within `box` = {left, top, width, height}
 *   backdrop(context, box)          what lies behind, drawn only when theme, size, camera or description change
 *   shown                           more for `data-shown`, the JSON of what the picture now shows
 *   light(context, box, touched)    of a panel whose description has `lit`: brighten what is touched; touched(formula): 0 to 1
 *   show(contents, variables)       after painting: words, buttons, HTML
 *   height(width)                   CSS pixels; such a panel has a row of its own, as one with a `height` in its description
 *   leastHeight                     CSS pixels that it needs where the page is narrow
 *   leastWidth                      CSS pixels below which the picture does not shrink: it scrolls sideways
 *   wide                            whether it may be wider than the panels above it, in a last row that is not full
 *   element                         an HTML element instead of a place on the canvas; it stands below the canvas, or
 *   beside                          beside it where there is room
 *   cursor(at, box)                 a CSS cursor, where a press at {x, y} would do something
 *   press(at, box)                  a press of the pointer beside the handles; gives a function of {x, y} for each move of a
 *                                   drag, or nothing
 *   holds(at, box)                  whether a finger that is put down there draws or drags, where else it scrolls the page
 *   handles(box, contents, variables)  what can be seized, after each draw: see handles.js
 *   key(event)                      a key on the canvas; true if it was for this panel
 *   hint                            what can be done in the picture, in one sentence
 *   reset(), remove()               the button Reset; the end of the panel */
export const KINDS = {
  curves: CurvesPanel, graph: GraphPanel, heat: HeatPanel, network: NetworkPanel, score: ScorePanel, surface: SurfacePanel,
  table: TablePanel, working: WorkingPanel,
  fit: FitPanel, units: UnitsPanel, costs: CostPanel, weights: WeightsPanel,
  confusion: ConfusionPanel, digit: DigitPanel, images: ImagesPanel,
  growth: GrowthPanel, layers: LayersPanel,
};
