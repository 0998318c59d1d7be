// JupyterLab shows a picture without the words that stand in for it. They stand in its file too (figures.py); from there they
// come to the image, for all pictures of the page.

const IMAGES = ".jp-RenderedImage img:not([alt])";
const WORDS = "iTXtDescription\0"; // of a PNG; then come four bytes that are 0, and the words

/** The words in the PNG of a data: address, or undefined. */
function wordsOf(address) {
  const bytes = atob(address.split(",")[1] ?? "");
  const at = bytes.indexOf(WORDS);
  if (at < 0) return undefined;
  const size = [...bytes.slice(at - 4, at)].reduce((sum, byte) => 256 * sum + byte.charCodeAt(0), 0);
  const words = bytes.slice(at + WORDS.length + 4, at + 4 + size);
  return new TextDecoder().decode(Uint8Array.from(words, (byte) => byte.charCodeAt(0)));
}

/** From now on every picture of the course on this page has its words. */
export function describeImages(page) {
  const looked = new WeakSet();
  const describe = () => {
    for (const image of page.querySelectorAll(IMAGES)) {
      if (looked.has(image)) continue;
      looked.add(image);
      const words = image.src.startsWith("data:image/png") && wordsOf(image.src);
      if (words) image.alt = words;
    }
  };
  const brings = ({ addedNodes }) => [...addedNodes].some((node) => node.matches?.("img") || node.querySelector?.("img"));
  new MutationObserver((changes) => changes.some(brings) && describe()).observe(page.body, { childList: true, subtree: true });
  describe();
}
