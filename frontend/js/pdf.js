// PDF viewer: pages drawn when they come into view, selectable text over them, hits of a search highlighted.
import { GlobalWorkerOptions, TextLayer, getDocument } from "pdfjs-dist";
import { fold } from "./fold.js";

const PRINT_DPI = 150;
const KEEP_NEAR = "200% 0px"; // pages up to two screens away stay drawn

/** Shows the document at `options.url` in `place`; see the methods of `Viewer` for what can be done with it. */
export function mount(place, options) {
  GlobalWorkerOptions.workerSrc = globalThis.diwan.assets.pdf_worker;
  const viewer = new Viewer(place, options);
  viewer.open();
  return viewer;
}

class Viewer {
  constructor(place, options) {
    this.place = place;
    this.options = options;
    this.zoom = 1; // 1 = the page is as wide as the desk
    this.rotation = 0;
    this.pages = [];
    this.hits = [];
    this.hit = -1;
    this.current = 1;
    this.closed = false;
    this.list = document.createElement("div");
    this.list.className = "dw-pdf__pages";
    place.replaceChildren(this.list);
    this.onScroll = () => this.reportPage();
    place.addEventListener("scroll", this.onScroll, { passive: true });
    this.onKey = (event) => this.key(event);
    place.addEventListener("keydown", this.onKey);
    this.observer = new IntersectionObserver((seen) => seen.forEach((s) => this.seen(s)), { root: place, rootMargin: KEEP_NEAR });
    this.resize = new ResizeObserver(() => this.relayoutSoon());
  }

  async open() {
    try {
      this.task = getDocument({ url: this.options.url, enableXfa: false, isEvalSupported: false, wasmUrl: globalThis.diwan.assets.pdf_wasm });
      this.doc = await this.task.promise;
      for (let n = 1; n <= this.doc.numPages; n++) this.pages.push(this.makePage(n));
      this.first = await this.doc.getPage(1);
      this.layout();
      this.resize.observe(this.place);
      this.goTo(this.options.page || 1);
      this.report();
      if (this.options.find) await this.find(this.options.find);
    } catch (error) {
      if (!this.closed) this.options.onError(error?.name === "PasswordException" ? "password" : "broken");
    }
  }

  makePage(number) {
    const element = document.createElement("div");
    element.className = "dw-pdf__page";
    element.dataset.page = number;
    element.setAttribute("role", "region");
    element.setAttribute("aria-label", `${this.options.pageLabel} ${number}`);
    // The page's ink comes and goes; what the application puts over it stays.
    const ink = document.createElement("div");
    ink.className = "dw-pdf__ink";
    const over = document.createElement("div");
    over.className = "dw-pdf__over";
    element.append(ink, over);
    this.list.append(element);
    this.observer.observe(element);
    return { number, element, ink, over, near: false };
  }

  /** Where the application puts what stands over a page. */
  overlay(number) {
    return this.pages[number - 1]?.over ?? null;
  }

  /** Keys of the desk: + and - for the size, 0 for the width of the desk, r to turn, Home and End. */
  key(event) {
    if (event.target !== this.place || event.ctrlKey || event.metaKey || event.altKey) return;
    const keys = {
      "+": () => this.setZoom(this.zoom * 1.25),
      "=": () => this.setZoom(this.zoom * 1.25),
      "-": () => this.setZoom(this.zoom / 1.25),
      0: () => this.setZoom(1),
      r: () => this.rotate(),
      Home: () => this.goTo(1),
      End: () => this.goTo(this.pages.length),
    };
    const action = keys[event.key];
    if (!action) return;
    event.preventDefault();
    action();
  }

  /** Gives every page its size; those in view are drawn again. */
  layout() {
    const desk = Math.max(this.place.clientWidth - 26, 120);
    for (const page of this.pages) {
      const proxy = page.proxy || this.first;
      const base = proxy.getViewport({ scale: 1, rotation: (proxy.rotate + this.rotation) % 360 });
      page.viewport = proxy.getViewport({ scale: (desk / base.width) * this.zoom, rotation: (proxy.rotate + this.rotation) % 360 });
      this.size(page);
      this.clear(page);
      if (page.near) this.draw(page);
    }
  }

  relayoutSoon() {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => {
      if (this.closed || !this.first || this.width === this.place.clientWidth) return;
      this.width = this.place.clientWidth;
      const page = this.current;
      this.layout();
      this.goTo(page);
    }, 100);
    this.width ??= this.place.clientWidth;
  }

  seen({ target, isIntersecting }) {
    const page = this.pages[Number(target.dataset.page) - 1];
    if (!page) return;
    page.near = isIntersecting;
    if (isIntersecting) this.draw(page);
    else this.clear(page);
  }

  clear(page) {
    page.drawing?.cancel();
    page.drawing = page.drawn = page.layer = null;
    page.ink.replaceChildren();
  }

  async draw(page) {
    if (page.drawn || !page.viewport) return;
    const mark = {};
    page.drawn = mark;
    try {
      if (!page.proxy) {
        page.proxy = await this.doc.getPage(page.number);
        if (page.drawn !== mark) return;
        this.sizeLate(page);
      }
      const ratio = Math.min(globalThis.devicePixelRatio || 1, 2);
      const canvas = document.createElement("canvas");
      canvas.width = Math.floor(page.viewport.width * ratio);
      canvas.height = Math.floor(page.viewport.height * ratio);
      page.ink.replaceChildren(canvas);
      const transform = ratio === 1 ? undefined : [ratio, 0, 0, ratio, 0, 0];
      page.drawing = page.proxy.render({ canvas, viewport: page.viewport, transform });
      await page.drawing.promise;
      if (page.drawn !== mark) return;
      await this.writeText(page);
      this.highlight();
    } catch (error) {
      if (error?.name !== "RenderingCancelledException" && !this.closed) this.options.onError("broken");
    }
  }

  /** A page whose real size differs from the first page's gets it when it is first loaded. */
  sizeLate(page) {
    const desk = Math.max(this.place.clientWidth - 26, 120);
    const rotation = (page.proxy.rotate + this.rotation) % 360;
    const base = page.proxy.getViewport({ scale: 1, rotation });
    page.viewport = page.proxy.getViewport({ scale: (desk / base.width) * this.zoom, rotation });
    this.size(page);
  }

  /** Sizes a page by its viewport; what is over it turns with the paper. */
  size({ element, over, viewport }) {
    const [width, height] = [Math.floor(viewport.width), Math.floor(viewport.height)];
    Object.assign(element.style, { width: `${width}px`, height: `${height}px` });
    const lying = this.rotation % 180 !== 0;
    Object.assign(over.style, {
      width: `${lying ? height : width}px`,
      height: `${lying ? width : height}px`,
      transform: `translate(-50%, -50%) rotate(${this.rotation}deg)`,
    });
  }

  async writeText(page) {
    const container = document.createElement("div");
    container.className = "textLayer";
    page.element.style.setProperty("--total-scale-factor", page.viewport.scale);
    page.ink.append(container);
    page.layer = new TextLayer({ textContentSource: page.proxy.streamTextContent(), container, viewport: page.viewport });
    await page.layer.render();
  }

  /** Searches all pages for any word of `query`; the first hit from the current page on is shown. */
  async find(query) {
    const words = [...new Set(loosen(fold(query).text).split(/[\s"«»]+/).filter((word) => word.length > 1))];
    this.words = words;
    this.hits = [];
    this.hit = -1;
    if (words.length) {
      for (const page of this.pages) {
        const proxy = page.proxy || (await this.doc.getPage(page.number));
        const content = await proxy.getTextContent();
        if (this.closed || this.words !== words) return;
        for (const hit of hitsOn(content.items, words)) this.hits.push({ page: page.number, ...hit });
      }
      const next = this.hits.findIndex((hit) => hit.page >= this.current);
      if (this.hits.length) this.showHit(next < 0 ? 0 : next);
    }
    this.highlight();
    this.report();
  }

  step(by) {
    if (this.hits.length) this.showHit((this.hit + by + this.hits.length) % this.hits.length);
  }

  showHit(index) {
    this.hit = index;
    const { page } = this.hits[index];
    if (page !== this.current) this.goTo(page);
    this.highlight();
    this.report();
  }

  highlight() {
    if (!CSS.highlights) return;
    const all = [];
    const current = [];
    this.hits.forEach((hit, index) => {
      const page = this.pages[hit.page - 1];
      const [start, end] = [hit.from, hit.to].map(([index]) => page.layer?.textDivs[index]?.firstChild);
      if (!start || !end) return;
      const range = new Range();
      range.setStart(start, Math.min(hit.from[1], start.length));
      range.setEnd(end, Math.min(hit.to[1], end.length));
      (index === this.hit ? current : all).push(range);
    });
    CSS.highlights.set("dw-hit", new Highlight(...all));
    CSS.highlights.set("dw-hit-current", new Highlight(...current));
    if (current.length && this.shown !== this.hit) {
      this.shown = this.hit;
      // Only the desk scrolls; `scrollIntoView` would move the shell as well.
      const { top, height } = current[0].getBoundingClientRect();
      const desk = this.place.getBoundingClientRect();
      this.place.scrollTop += top + height / 2 - desk.top - desk.height / 2;
    }
  }

  goTo(number) {
    const page = this.pages[Math.min(Math.max(number, 1), this.pages.length) - 1];
    if (!page) return;
    this.place.scrollTop = page.element.offsetTop - 12;
    this.reportPage(page.number);
  }

  reportPage(number) {
    const line = this.place.scrollTop + this.place.clientHeight / 3;
    const at = number ?? (this.pages.findLast((page) => page.element.offsetTop <= line)?.number || 1);
    if (at !== this.current) {
      this.current = at;
      this.report();
    }
  }

  report() {
    const { current, zoom, hits, hit } = this;
    this.options.onState(JSON.stringify({ page: current, pages: this.pages.length, zoom, hits: hits.length, hit: hit + 1 }));
  }

  setZoom(factor) {
    this.zoom = Math.min(Math.max(factor, 0.25), 4);
    const page = this.current;
    this.layout();
    this.goTo(page);
    this.report();
  }

  rotate() {
    this.rotation = (this.rotation + 90) % 360;
    const page = this.current;
    this.layout();
    this.goTo(page);
  }

  /** Prints all pages as pictures: the shell is hidden and works in a sandboxed frame are not needed. */
  async print() {
    const box = document.createElement("div");
    box.className = "dw-print-pages";
    for (const { number } of this.pages) {
      const proxy = await this.doc.getPage(number);
      const viewport = proxy.getViewport({ scale: PRINT_DPI / 72 });
      const canvas = document.createElement("canvas");
      canvas.width = viewport.width;
      canvas.height = viewport.height;
      await proxy.render({ canvas, viewport, intent: "print" }).promise;
      const image = new Image();
      image.src = URL.createObjectURL(await new Promise((done) => canvas.toBlob(done)));
      await image.decode();
      box.append(image);
    }
    document.body.append(box);
    document.documentElement.classList.add("dw-printing");
    addEventListener("afterprint", () => {
      document.documentElement.classList.remove("dw-printing");
      box.querySelectorAll("img").forEach((image) => URL.revokeObjectURL(image.src));
      box.remove();
    }, { once: true });
    globalThis.print();
  }

  destroy() {
    this.closed = true;
    clearTimeout(this.timer);
    this.observer.disconnect();
    this.resize.disconnect();
    this.place.removeEventListener("scroll", this.onScroll);
    this.place.removeEventListener("keydown", this.onKey);
    CSS.highlights?.delete("dw-hit");
    CSS.highlights?.delete("dw-hit-current");
    this.task?.destroy();
    this.place.replaceChildren();
  }
}

/** Many PDFs give the ligature "lam-alef" back in the wrong order; runs of the two letters are compared without order. */
const loosen = (text) => text.replace(/[ال]{2,}/g, (run) => [...run].sort().join(""));

/** Where the folded `words` stand on a page: hits from (item, offset) to (item, offset), also across items. */
function hitsOn(items, words) {
  let source = "";
  const starts = items.map((item) => {
    const start = source.length;
    source += (item.str || "") + (item.hasEOL ? "\n" : "");
    return start;
  });
  const place = (offset) => {
    const index = starts.findLastIndex((start) => start <= offset);
    return [index, offset - starts[index]];
  };
  const { text, at } = fold(source);
  const page = loosen(text);
  const found = [];
  for (const word of words) {
    for (let i = page.indexOf(word); i >= 0; i = page.indexOf(word, i + word.length)) {
      // The end is counted from the last character, which is surely inside an item.
      const [lastItem, lastOffset] = place(at[i + word.length - 1]);
      found.push({ from: place(at[i]), to: [lastItem, lastOffset + 1], order: i });
    }
  }
  return found.sort((a, b) => a.order - b.order);
}
