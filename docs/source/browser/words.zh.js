// Every text of the excerpts, the pane and the card in Chinese; words.js chooses.

/** @param {number} first @param {number} last */
export function lines(first, last) {
  const span = first === last ? String(first) : `${first}–${last}`;
  return `${span} 行`;
}

export const LOOK = "在这里看源码：";

/** @param {number} first @param {number} last */
export const original = (first, last) => `原文 ${lines(first, last)}`;

export const SINCE = {
  /** @param {string} tag @param {string} text */
  said: (tag, text) => `${tag}：${text}`,
  page: "当时与今天",
};

export const PANEL = {
  loadFailed: "下载失败，请再试一次。",
  code: "源码",
  close: "关闭",
  previous: "本页的上一处",
  next: "本页的下一处",
  always: "始终显示源码",
  forget: "从浏览器中删除源码",
  others: "讲到这几行的页面：",
  proofs: "本页的证明",
  goTo: "行号",
  look: "查找",
  /** @param {number} line */
  about: (line) => `讲到第 ${line} 行的页面：`,
  /** @param {number} line */
  noPage: (line) => `没有页面讲到第 ${line} 行。`,
  /** @param {number} count */
  lost: (count) => `这里少了 ${count} 行`,
};

/** @param {string} tag @param {import("./copy.js").Copy} copy @param {import("./copy.js").Fate} fate */
export function fateText(tag, copy, { state, first, last, left, all, added }) {
  if (copy.isExact) return `与 ${tag} 完全相同`;
  const now = lines(first, last);
  if (state === "same") return "没有变化";
  if (state === "moved") return `没有变化，移到了 ${now}`;
  if (state === "gone") return "你的版本里没有这几行";
  const more = added.length && `，新增 ${added.length} 行`;
  return `有变化：${all} 行中保留了 ${left} 行${more || ""}；现在是 ${now}`;
}

/** How much of a page still holds. @param {string} tag @param {number} same @param {number} all */
export const banner = (tag, same, all) =>
  `你的文件不是 ${tag}：本页指向的 ${all} 处中有 ${same} 处逐字相同。`;

export const CARD = {
  /** @param {string} file @param {string} tag */
  why: (file, tag) =>
    `本站不包含 ComfyUI 的代码。请提供一次 ${file}，这些行就会显示在文字旁边。任何版本都可以，浏览器会逐行对照 ${tag}。`,
  choose: "选择自己的文件…",
  chooseNote: "也可以拖放到这里。文件只留在这个浏览器里。",
  paste: "或者把全文粘贴到这里",
  fetch: "从 GitHub 下载",
  /** @param {string} tag */
  fetchNote: (tag) => `${tag}，由 raw.githubusercontent.com 提供，中国大陆可能无法访问。`,
  fetching: "正在下载……",
};

/** Why a text was not taken. @param {import("./texts.js").Refusal} refusal @param {string} file */
export function refusalText({ reason, status }, file) {
  return {
    large: `这个文件超过 2 MB，不会是 ${file}。`,
    binary: "这是二进制文件。",
    html: "这是一个网页，不是源码。请在 GitHub 上用 Download raw file 保存。",
    other: `这不像 ComfyUI 的 ${file}：几乎没有相同的行。`,
    network: "无法访问 raw.githubusercontent.com。请选择自己的文件，或点上方行号查看。",
    status: `GitHub 返回了错误 ${status}。请稍后再试，或选择自己的文件。`,
    unlike: "下载到的内容与这个版本不符，没有采用。",
  }[reason];
}

/** Where the browser keeps nothing. @type {Record<"kept" | "none" | "full", string>} */
export const STORAGE = {
  kept: "",
  none: "浏览器不能保存文件，关闭页面后需要重新提供。",
  full: "浏览器的存储空间已满，关闭页面后需要重新提供。",
};
