// Every text of the excerpts, the pane and the card, in Chinese and English.

/** @param {string} chinese @param {string} english */
const text = (chinese, english) => (document.documentElement.lang === "zh" ? chinese : english);

/** @param {number} first @param {number} last */
export function lines(first, last) {
  const span = first === last ? String(first) : `${first}–${last}`;
  return text(`${span} 行`, first === last ? `line ${span}` : `lines ${span}`);
}

export const PANEL = {
  loadFailed: text("下载失败，请再试一次。", "The download failed; try again."),
  code: text("源码", "Source"),
  close: text("关闭", "Close"),
  previous: text("本页的上一处", "Previous place on this page"),
  next: text("本页的下一处", "Next place on this page"),
  always: text("始终显示源码", "Always show the source"),
  forget: text("从浏览器中删除源码", "Forget the source"),
  others: text("讲到这几行的页面：", "Pages about these lines: "),
  thenAndNow: text("它去了哪里，见当时与现在", "Where it went: Then and now"),
  proofs: text("本页的证明", "Its proofs"),
  goTo: text("行号", "Line"),
  look: text("查找", "Look up"),
  /** @param {number} line */
  about: (line) => text(`讲到第 ${line} 行的页面：`, `Pages about line ${line}: `),
  /** @param {number} line */
  noPage: (line) => text(`没有页面讲到第 ${line} 行。`, `No page is about line ${line}.`),
  /** @param {number} count */
  lost: (count) =>
    text(`这里少了 ${count} 行`, count === 1 ? "1 line is gone here" : `${count} lines are gone here`),
};

/** @param {string} tag @param {import("./copy.js").Copy} copy @param {import("./copy.js").Fate} fate */
export function fateText(tag, copy, { state, first, last, left, all, added }) {
  if (copy.isExact) return text(`与 ${tag} 完全相同`, `exactly ${tag}`);
  const now = lines(first, last);
  if (state === "same") return text("没有变化", "unchanged");
  if (state === "moved") return text(`没有变化，移到了 ${now}`, `unchanged, moved to ${now}`);
  if (state === "gone") return text("你的版本里没有这几行", "gone from your copy");
  const more = added.length && text(`，新增 ${added.length} 行`, `, ${added.length} new`);
  return text(
    `有变化：${all} 行中保留了 ${left} 行${more || ""}；现在是 ${now}`,
    `changed: ${left} of ${all} lines${more || ""}; now ${now}`,
  );
}

/** How much of a page still holds. @param {string} tag @param {number} same @param {number} all */
export const banner = (tag, same, all) =>
  text(
    `你的文件不是 ${tag}：本页指向的 ${all} 处中有 ${same} 处逐字相同。`,
    `Your copy is not ${tag}: ${same} of the ${all} places this page points to are word for word the same.`,
  );

export const CARD = {
  /** @param {string} file @param {string} tag */
  why: (file, tag) =>
    text(
      `本站不包含 ComfyUI 的代码。请提供一次 ${file}，这些行就会显示在文字旁边。任何版本都可以，浏览器会把它与 ${tag} 逐行对照。`,
      `This site holds none of ComfyUI's code. Provide ${file} once, and its lines appear beside the text. Any version will do: the browser compares it with ${tag} line by line.`,
    ),
  choose: text("选择自己的文件…", "Choose your own file…"),
  chooseNote: text(
    "也可以拖放到这里。文件只留在这个浏览器里。",
    "Or drop it here. It stays in this browser.",
  ),
  paste: text("或者把全文粘贴到这里", "Or paste the whole text here"),
  fetch: text("从 GitHub 下载", "Download from GitHub"),
  /** @param {string} tag */
  fetchNote: (tag) =>
    text(
      `${tag}，由 raw.githubusercontent.com 提供，中国大陆可能无法访问。`,
      `${tag}, from raw.githubusercontent.com, which may be out of reach in mainland China.`,
    ),
  fetching: text("正在下载……", "Downloading…"),
};

/** Why a text was not taken. @param {import("./texts.js").Refusal} refusal @param {string} file */
export function refusalText({ reason, status }, file) {
  return {
    large: text(`这个文件超过 2 MB，不会是 ${file}。`, `The file is larger than 2 MB, so it is not ${file}.`),
    binary: text("这是二进制文件，不是文本。", "That is a binary file, not a text."),
    html: text(
      "这是一个网页，不是源码。请在 GitHub 上用 Download raw file 保存文件。",
      "That is a web page, not the source. On GitHub, save the file with “Download raw file”.",
    ),
    other: text(
      `这不像 ComfyUI 的 ${file}：几乎没有相同的行。`,
      `That is hardly ComfyUI's ${file}: almost none of its lines are in it.`,
    ),
    network: text(
      "无法访问 raw.githubusercontent.com。请选择自己的文件，或点行号在 GitHub 上查看。",
      "raw.githubusercontent.com is out of reach. Choose your own file, or follow the link to GitHub.",
    ),
    status: text(
      `GitHub 返回了错误 ${status}。请稍后再试，或选择自己的文件。`,
      `GitHub responded with error ${status}. Try again later, or choose your own file.`,
    ),
    unlike: text(
      "下载到的内容与这个版本不符，没有采用。",
      "What was downloaded is not that version, and was not used.",
    ),
  }[reason];
}

/** Where the browser keeps nothing. @type {Record<"kept" | "none" | "full", string>} */
export const STORAGE = {
  kept: "",
  none: text(
    "浏览器在这里不能保存文件，关闭页面后需要重新提供。",
    "This browser keeps no files here: provide it again after you close the page.",
  ),
  full: text(
    "浏览器的存储空间已满，关闭页面后需要重新提供。",
    "The browser's storage is full: provide it again after you close the page.",
  ),
};
