/**
 * What is drawn for whoever looks at an overlay beforehand (`safe=1`): the 5 % box, and the boxes that overlays keep out of.
 * @module
 */

const [WIDTH, HEIGHT] = /** @type {const} */ ([1920, 1080]);

/** @param {readonly wire.KeptOut[]} boxes */
export function draw(boxes) {
  for (const old of document.querySelectorAll(".kept-out")) old.remove();
  for (const { left, top, width, height } of boxes) {
    const box = document.createElement("div");
    box.className = "kept-out";
    box.style.left = `${100 * left / WIDTH}vw`;
    box.style.top = `${100 * top / HEIGHT}vh`;
    box.style.width = `${100 * width / WIDTH}vw`;
    box.style.height = `${100 * height / HEIGHT}vh`;
    document.body.append(box);
  }
}
