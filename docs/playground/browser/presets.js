// The requests that the console offers: what to send, what to look for in the response, and the page about it.

import { text } from "./run.js";

const FOREIGN_ORIGIN = "Origin: https://evil.example";

/**
 * @typedef {{ name: string, explanation: string, page: string, method: string, path: string, headers?: string, body?: object | string }} Preset
 * @type {Preset[]}
 */
export const PRESETS = [
  {
    name: text("提交一个 prompt", "Queue a prompt"),
    explanation: text(
      "服务器立即响应，工作线程随后执行：看下面的 WebSocket。",
      "The server responds at once, and a worker thread executes the prompt. Watch the WebSocket below.",
    ),
    page: "../prompt-queue/",
    method: "POST",
    path: "/prompt", // its body is the toy prompt
  },
  {
    name: text("查看生成的图片", "View the image"),
    explanation: text(
      "先提交一个 prompt；执行完之前，这里是 404。",
      "Queue a prompt first; until it has been executed, this is a 404.",
    ),
    page: "../view/",
    method: "GET",
    path: "/view?filename=toy_00001_.png",
  },
  {
    name: text("不能执行的 prompt", "A prompt that cannot run"),
    explanation: text(
      "服务器在排队之前校验：400，正文说明哪个节点缺什么。",
      "The server validates before it queues: 400, and the body says which node lacks what.",
    ),
    page: "../toy-nodes/#validation",
    method: "POST",
    path: "/prompt",
    body: { prompt: { save: { class_type: "SaveImage", inputs: {} } } },
  },
  {
    name: text("正文不是 JSON", "A body that is not JSON"),
    explanation: text(
      "错在客户端，状态码却是 500，不是 400。",
      "The fault is the client's, but the status is 500, not 400.",
    ),
    page: "../prompt-queue/#traps",
    method: "POST",
    path: "/prompt",
    body: "hello",
  },
  {
    name: text("来自别的网站", "From another site"),
    explanation: text(
      "Host 是这台机器，Origin 不是：403，请求到不了处理函数。",
      "Host is this machine, Origin is not: 403, and the request reaches no handler.",
    ),
    page: "../origin-check/",
    method: "POST",
    path: "/prompt",
    headers: `${FOREIGN_ORIGIN}\nContent-Type: text/plain`,
    body: { prompt: {} },
  },
  {
    name: text("别的网站请求脚本", "A script for another site"),
    explanation: text(
      "连 403 也带着 Cache-Control：缓存中间件在来源检查的外层，只看路径。",
      "Even the 403 has a Cache-Control: the cache middleware is outside the origin check and looks only at the path.",
    ),
    page: "../cache-control/",
    method: "GET",
    path: "/app.js",
    headers: FOREIGN_ORIGIN,
  },
  {
    name: text("Origin 是 null", "An Origin of null"),
    explanation: text(
      "null 里没有主机名可比：来源检查放行。",
      "null has no host to compare: the origin check lets it pass.",
    ),
    page: "../origin-check/#verdicts",
    method: "GET",
    path: "/queue",
    headers: "Origin: null",
  },
  {
    name: text("Origin 的端口太大", "An Origin whose port is too large"),
    explanation: text(
      "来源检查没有处理这种端口，自己抛出异常：500。",
      "The origin check does not expect such a port and raises: 500.",
    ),
    page: "../origin-check/#verdicts",
    method: "GET",
    path: "/queue",
    headers: "Origin: http://127.0.0.1:99999",
  },
  {
    name: text("不存在的脚本", "A script that does not exist"),
    explanation: text(
      "404 也带着 no-cache：中间件执行完以后，才知道文件不存在。",
      "The 404 has no-cache too: only after the middlewares have run is the file found to be missing.",
    ),
    page: "../cache-control/#back",
    method: "GET",
    path: "/none.js",
  },
  {
    name: text("往不存在的路径 POST", "POST to an unknown path"),
    explanation: text(
      "405，不是 404：静态文件的路由在根路径，匹配所有路径，但不接受 POST。",
      "405, not 404: the static route is at the root and matches every path, but not POST.",
    ),
    page: "../routes/#rest",
    method: "POST",
    path: "/none",
  },
  {
    name: text("路径前面加 /api", "The same below /api"),
    explanation: text(
      "每条路由都有两个路径，处理函数是同一个。",
      "Each route has two paths and one handler.",
    ),
    page: "../routes/#twins",
    method: "GET",
    path: "/api/queue",
  },
  {
    name: text("OPTIONS，任意路径", "OPTIONS, for any path"),
    explanation: text(
      "200，正文为空：来源检查直接响应，不管这条路径是否存在。",
      "200 without a body: the origin check responds itself, whether or not the path exists.",
    ),
    page: "../origin-check/#check",
    method: "OPTIONS",
    path: "/none",
  },
  {
    name: text("已有缓存时不再传输", "Only if I do not have it"),
    explanation: text(
      "304，没有正文：If-None-Match: * 的意思是，客户端已经有某个版本。",
      "304 without a body: If-None-Match: * says that the client already has some version.",
    ),
    page: "../../http/conditional-requests/",
    method: "GET",
    path: "/",
    headers: "If-None-Match: *",
  },
];
