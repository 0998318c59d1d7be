// What a page to read has beyond HTML: code that can be copied, and boxes that scroll from the keyboard.
"use strict";
(() => {
  for (const block of document.querySelectorAll(".code")) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "copy";
    button.textContent = "Copy";
    button.addEventListener("click", async () => {
      const text = block.querySelector("pre").textContent;
      try {
        await navigator.clipboard.writeText(text);
      } catch { // a page from file:// or plain http may not write there by itself
        const area = document.createElement("textarea");
        area.value = text;
        document.body.append(area);
        area.select();
        document.execCommand("copy");
        area.remove();
      }
      button.textContent = "Copied";
      setTimeout(() => { button.textContent = "Copy"; }, 1500);
    });
    block.append(button);
  }

  // What is wider than the page scrolls by itself; then it must be reachable with the keyboard.
  const boxes = document.querySelectorAll("pre, .scroll, .formula");
  const reach = () => {
    for (const box of boxes) {
      if (box.scrollWidth > box.clientWidth + 1) box.tabIndex = 0;
      else box.removeAttribute("tabindex");
    }
  };
  addEventListener("load", reach);
  addEventListener("resize", reach);

  // The list of headings is open beside a wide page and folded above a narrow one.
  const contents = document.querySelector(".contents details");
  if (contents && !matchMedia("(min-width: 1080px)").matches) contents.open = false;

  // A link to what is folded, or a search that ends there, opens it.
  const unfold = () => {
    let element = document.getElementById(decodeURIComponent(location.hash.slice(1)));
    for (; element; element = element.parentElement) if (element.matches("details")) element.open = true;
  };
  addEventListener("hashchange", unfold);
  unfold();
})();
