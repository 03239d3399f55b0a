// The requests that talk.js offers: what to send, what to look for in the answer, and the page that explains it.

const zh = document.documentElement.lang === "zh";
const EVIL = "Origin: https://evil.example";
/**
 * What a reader can send with one click.
 * @typedef {{ name: string, why: string, page: string, method: string, path: string, headers?: string, body?: object | string }} Preset
 * @type {Preset[]}
 */
export const PRESETS = [
  {
    name: zh ? "提交一个提示词" : "Queue a prompt",
    why: zh
      ? "马上就有响应，活儿由工作线程慢慢干：看下面的 WebSocket。"
      : "The answer comes at once; the work is done by a thread. Watch the WebSocket below.",
    page: "../prompt-queue/",
    method: "POST",
    path: "/prompt", // with the toy as its body
  },
  {
    name: zh ? "看它画的图" : "See what it painted",
    why: zh
      ? "先提交一个提示词；跑完之前，这里是 404。"
      : "Queue a prompt first; until that is done, this is a 404.",
    page: "../view/",
    method: "GET",
    path: "/view?filename=toy_00001_.png",
  },
  {
    name: zh ? "跑不了的提示词" : "A prompt that cannot run",
    why: zh
      ? "排队之前先校验：400，正文说出哪个节点缺什么。"
      : "It is checked before it is queued: 400, and the body says which node lacks what.",
    page: "../toy-nodes/#validation",
    method: "POST",
    path: "/prompt",
    body: { prompt: { save: { class_type: "SaveImage", inputs: {} } } },
  },
  {
    name: zh ? "正文不是 JSON" : "A body that is not JSON",
    why: zh
      ? "毛病在客户端，怪的却是服务器：500，不是 400。"
      : "The client's fault, but the server takes the blame: 500, not 400.",
    page: "../prompt-queue/#traps",
    method: "POST",
    path: "/prompt",
    body: "hello",
  },
  {
    name: zh ? "来自别的网站" : "From another site",
    why: zh
      ? "Host 是这台机器，Origin 不是：403，到不了处理函数。"
      : "Host is this machine, Origin is not: 403, and no handler is reached.",
    page: "../origin-check/",
    method: "POST",
    path: "/prompt",
    headers: `${EVIL}\nContent-Type: text/plain`,
    body: { prompt: {} },
  },
  {
    name: zh ? "别的网站要一个脚本" : "A script for another site",
    why: zh
      ? "连 403 也带着 Cache-Control：加它的中间件在外层，只看路径。"
      : "Even the 403 has a Cache-Control: the middleware that adds it stands outside, and looks at the path only.",
    page: "../cache-control/",
    method: "GET",
    path: "/app.js",
    headers: EVIL,
  },
  {
    name: zh ? "来源是 null" : "An origin of null",
    why: zh
      ? "null 里没有主机名，没什么可比的：放行。"
      : "There is no host in null, so nothing is compared: it passes.",
    page: "../origin-check/#verdicts",
    method: "GET",
    path: "/queue",
    headers: "Origin: null",
  },
  {
    name: zh ? "来源的端口太大" : "An origin whose port is too large",
    why: zh
      ? "没人防着它：来源检查自己出了错，500。"
      : "Nobody expects it: the origin check itself fails, 500.",
    page: "../origin-check/#verdicts",
    method: "GET",
    path: "/queue",
    headers: "Origin: http://127.0.0.1:99999",
  },
  {
    name: zh ? "没有这个脚本" : "A script that is not there",
    why: zh
      ? "404 也带着 no-cache：文件在不在，中间件走完以后才知道。"
      : "The 404 has no-cache too: whether the file exists is found out only after the middlewares are done.",
    page: "../cache-control/#back",
    method: "GET",
    path: "/none.js",
  },
  {
    name: zh ? "往不存在的路径 POST" : "POST to an unknown path",
    why: zh
      ? "405，不是 404：静态文件挂在根上，什么路径都归它，只是不收 POST。"
      : "405, not 404: the static files lie at the root and take every path, but no POST.",
    page: "../routes/#rest",
    method: "POST",
    path: "/none",
  },
  {
    name: zh ? "路径前面加 /api" : "The same below /api",
    why: zh ? "每条路由都有两个地址，处理函数是同一个。" : "Each route has two addresses and one handler.",
    page: "../routes/#twins",
    method: "GET",
    path: "/api/queue",
  },
  {
    name: zh ? "OPTIONS，什么路径都行" : "OPTIONS, for any path",
    why: zh
      ? "200，空的：来源检查自己答了，没去问有没有这条路径。"
      : "200 and empty: the origin check answers it itself, and does not ask whether there is such a path.",
    page: "../origin-check/#check",
    method: "OPTIONS",
    path: "/none",
  },
  {
    name: zh ? "已经有的就别再发" : "Only if I do not have it",
    why: zh
      ? "304，没有正文：* 是说，不管哪一版，我都有了。"
      : "304 without a body: * says that I have it, whichever version it is.",
    page: "../../http/conditional-requests/",
    method: "GET",
    path: "/",
    headers: "If-None-Match: *",
  },
];
