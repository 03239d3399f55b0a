// The requests that the console offers: what to send, what to look for in the response, and the page about it.

import { text } from "./run.js";

const FOREIGN_ORIGIN = "Origin: https://evil.example";

/**
 * @typedef {(toyPrompt: any, clientName: string) => object} MakeBody
 * @typedef {{ id: string, name: string, explanation: string, page: string, flags?: string, method: string, path: string, headers?: string, body?: object | string | MakeBody }} Preset
 * @type {Preset[]}
 */
const LESSONS = [
  {
    id: "prompt",
    name: text("提交一个 prompt", "Queue a prompt"),
    explanation: text(
      "服务器立即响应，工作线程随后执行：看 WebSocket 那一栏。",
      "The server responds at once, and the worker executes the prompt. Watch the WebSocket.",
    ),
    page: "../prompt-queue/",
    method: "POST",
    path: "/prompt",
    body: (prompt, client_id) => ({ client_id, prompt }),
  },
  {
    id: "image",
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
    id: "invalid",
    name: text("不能执行的 prompt", "A prompt that cannot run"),
    explanation: text(
      "服务器在排队之前校验：400，响应体说明哪个节点缺什么。",
      "The server validates before it queues: 400, and the body says which node lacks what.",
    ),
    page: "../toy-nodes/#validation",
    method: "POST",
    path: "/prompt",
    body: { prompt: { save: { class_type: "SaveImage", inputs: {} } } },
  },
  {
    id: "not-json",
    name: text("请求体不是 JSON", "A body that is not JSON"),
    explanation: text(
      "错在客户端，状态码却是 500，不是 400。",
      "The fault is the client's, but the status is 500, not 400.",
    ),
    page: "../prompt-queue/#odd",
    method: "POST",
    path: "/prompt",
    body: "hello",
  },
  {
    id: "foreign",
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
    id: "foreign-script",
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
    id: "null-origin",
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
    id: "large-port",
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
    id: "no-script",
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
    id: "post-nowhere",
    name: text("向不存在的路径发 POST", "POST to an unknown path"),
    explanation: text(
      "405，不是 404：静态文件的路由在根路径，也匹配这个路径，但不接受 POST。",
      "405, not 404: the static route at the root matches this path too, but not POST.",
    ),
    page: "../routes/#rest",
    method: "POST",
    path: "/none",
  },
  {
    id: "api",
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
    id: "options",
    name: text("OPTIONS，任意路径", "OPTIONS, for any path"),
    explanation: text(
      "200，响应体为空：来源检查直接响应，不管这条路径是否存在。",
      "200 without a body: the origin check responds itself, whether or not the path exists.",
    ),
    page: "../origin-check/#check",
    method: "OPTIONS",
    path: "/none",
  },
  {
    id: "not-modified",
    name: text("已有缓存时不再传输", "Only if I do not have it"),
    explanation: text(
      "304，没有响应体：If-None-Match: * 的意思是，客户端已经有某个版本。",
      "304 without a body: If-None-Match: * says that the client already has some version.",
    ),
    page: "../../http/conditional-requests/",
    method: "GET",
    path: "/",
    headers: "If-None-Match: *",
  },
];

const JSON_TYPE = "Content-Type: application/json";
const GOOD = { fail: { class_type: "Fail", inputs: { message: "" } } }; // a prompt that passes the validation
/** A prompt for a node of snippets/server/try_it/faulty_pack.py. @param {string} class_type */
const oneNode = (class_type) => ({ 1: { class_type, inputs: {} } });
const DEPTH = 600;
const ONE_ALLOWED = "--enable-cors-header https://friend.example";

/** One more field of an upload. @param {string} name @param {string} value */
const field = (name, value) => `--limit\nContent-Disposition: form-data; name="${name}"\n\n${value}\n`;
/** An upload of one file as a browser sends it; the line ends become CRLF when it is sent. @param {string} name @param {string} content @param {string} more fields */
const upload = (name = "hello.txt", content = "hello", more = "") => ({
  headers: "Content-Type: multipart/form-data; boundary=limit",
  body: `--limit\nContent-Disposition: form-data; name="image"; filename="${name}"\n\n${content}\n${more}--limit--\n`,
});
const TO_NO_ORIGINAL = field("original_ref", '{"filename": "none.png"}');
const SVG =
  '<svg xmlns="http://www.w3.org/2000/svg"><script>document.title = origin</script><circle r="9"/></svg>';

// What server/hazards has a link to, by its number there (docs/tools/markdown.py looks for these ids).
/** @type {Preset[]} */
const HAZARDS = [
  {
    id: "hazard-1",
    name: text("隐患 1：client_id 是列表", "Hazard 1: a list as client_id"),
    explanation: text(
      "返回 200，随后 publish_loop 抛出 TypeError，进程结束。",
      "The response is 200; then publish_loop raises TypeError, and the process ends.",
    ),
    page: "../hazards/#h1",
    method: "POST",
    path: "/prompt",
    body: { client_id: [], prompt: GOOD },
  },
  {
    id: "hazard-2",
    name: text("隐患 2：extra_data 是 5", "Hazard 2: 5 as extra_data"),
    explanation: text(
      "返回 200，随后工作线程结束；以后的 prompt 都被接受，但不再执行。",
      "The response is 200; then the worker thread ends. Later prompts are accepted and never executed.",
    ),
    page: "../hazards/#h2",
    method: "POST",
    path: "/prompt",
    body: { extra_data: 5, prompt: GOOD },
  },
  {
    id: "hazard-3",
    name: text("隐患 3：600 层括号", "Hazard 3: 600 brackets"),
    explanation: text(
      "返回 200，复制这个 prompt 时工作线程结束：RecursionError。",
      "The response is 200; copying the prompt ends the worker thread with a RecursionError.",
    ),
    page: "../hazards/#h3",
    method: "POST",
    path: "/prompt",
    body: `{"extra_data": {"a": ${"[".repeat(DEPTH)}${"]".repeat(DEPTH)}}, "prompt": ${JSON.stringify(GOOD)}}`,
  },
  {
    id: "hazard-4",
    name: text("隐患 4：节点在 ui 里返回集合", "Hazard 4: a node returns a set in ui"),
    explanation: text(
      "节点 Careless 执行完，publish_loop 要把它的 ui 发给提交者；JSON 不支持集合，所以进程结束。",
      "When the node Careless has run, publish_loop has to send its ui to the prompt's client: JSON has no set, and the process ends.",
    ),
    page: "../hazards/#h4",
    method: "POST",
    path: "/prompt",
    body: (_, client_id) => ({ client_id, prompt: oneNode("Careless") }),
  },
  {
    id: "hazard-5",
    name: text("隐患 5：RGBA 图片预览成 JPEG", "Hazard 5: a preview of RGBA as JPEG"),
    explanation: text(
      "节点 Glass 发送一张带透明通道的预览图，publish_loop 把它编码成 JPEG 时出错，进程结束。",
      "The node Glass sends a preview with an alpha channel; publish_loop cannot encode it as JPEG, and the process ends.",
    ),
    page: "../hazards/#h5",
    method: "POST",
    path: "/prompt",
    body: { prompt: oneNode("Glass") },
  },
  {
    id: "hazard-9",
    name: text("隐患 9：遮罩的原图不存在", "Hazard 9: a mask for no picture"),
    explanation: text(
      "返回 200 和一个文件名，其实什么也没存：接着请求 /view?filename=mask.png&type=input，是 404。",
      "The response is 200 with a file name, and nothing is saved: /view?filename=mask.png&type=input is a 404.",
    ),
    page: "../hazards/#h9",
    method: "POST",
    path: "/upload/mask",
    ...upload("mask.png", "hello", TO_NO_ORIGINAL),
  },
  {
    id: "hazard-10",
    name: text("隐患 10：上传的文件覆盖输出文件", "Hazard 10: an upload replaces a result"),
    explanation: text(
      "先提交一个 prompt，等它执行完再发送：生成的图片变成了一段文字，再请求 /view?filename=toy_00001_.png 就看得到。",
      "Queue a prompt and let it finish first: its image is a piece of text afterwards, as /view?filename=toy_00001_.png shows.",
    ),
    page: "../hazards/#h10",
    method: "POST",
    path: "/upload/image",
    ...upload("toy_00001_.png", "hello", field("type", "output") + field("overwrite", "true")),
  },
  {
    id: "hazard-11",
    name: text("隐患 11：Origin 是 null 也能提交", "Hazard 11: an Origin of null may queue"),
    explanation: text(
      "来源检查放行，prompt 进入队列。",
      "The origin check lets it pass, and the prompt is queued.",
    ),
    page: "../hazards/#h11",
    method: "POST",
    path: "/prompt",
    headers: "Origin: null",
    body: { prompt: GOOD },
  },
  {
    id: "hazard-12",
    name: text("隐患 12：Host 没有端口", "Hazard 12: a Host without a port"),
    explanation: text(
      "Host 里没有端口，Origin 的端口就不比较：放行。",
      "Host names no port, so that of Origin is not compared: it passes.",
    ),
    page: "../hazards/#h12",
    method: "POST",
    path: "/prompt",
    headers: "Host: 127.0.0.1\nOrigin: http://127.0.0.1:9000",
    body: { prompt: GOOD },
  },
  {
    id: "hazard-13",
    name: text("隐患 13：允许一个来源，等于允许所有来源", "Hazard 13: one allowed origin"),
    explanation: text(
      `服务器启动时带了 ${ONE_ALLOWED}，别的网站就也能提交：200，不是 403。`,
      `With ${ONE_ALLOWED} another site may queue as well: 200, not 403.`,
    ),
    page: "../hazards/#h13",
    flags: ONE_ALLOWED,
    method: "POST",
    path: "/prompt",
    headers: FOREIGN_ORIGIN,
    body: { prompt: GOOD },
  },
  {
    id: "hazard-14",
    name: text("隐患 14：上传一个 SVG", "Hazard 14: upload an SVG"),
    explanation: text(
      "文件里有一段脚本，照样存下来。下一个请求查看它。",
      "The file holds a script and is stored all the same. The next request views it.",
    ),
    page: "../hazards/#h14",
    method: "POST",
    path: "/upload/image",
    ...upload("hazard.svg", SVG),
  },
  {
    id: "hazard-14-view",
    name: text("隐患 14：查看这个 SVG", "Hazard 14: view that SVG"),
    explanation: text(
      "先上传。响应是 image/svg+xml，响应头里没有 Content-Security-Policy：直接打开，脚本就会运行。",
      "Upload it first. The response is image/svg+xml without a Content-Security-Policy: opened by itself, its script runs.",
    ),
    page: "../view/#runs",
    method: "GET",
    path: "/view?filename=hazard.svg&type=input",
  },
  {
    id: "hazard-15",
    name: text("隐患 15：队列里有别人的 client_id", "Hazard 15: the queue tells a client_id"),
    explanation: text(
      "先提交一个 prompt，在它执行完之前发送：响应里有它的 client_id。",
      "Queue a prompt, and send this before it has been executed: the response holds its client_id.",
    ),
    page: "../hazards/#h15",
    method: "GET",
    path: "/queue",
  },
  {
    id: "hazard-16",
    name: text("隐患 16：不写 client_id", "Hazard 16: no client_id"),
    explanation: text(
      "prompt 没说是谁提交的，进度和预览图却照样出现在 WebSocket 那一栏里：它们发给了所有人。",
      "The prompt names no client, yet the WebSocket gets its progress and previews: they go to everybody.",
    ),
    page: "../hazards/#h16",
    method: "POST",
    path: "/prompt",
    body: (prompt) => ({ prompt }),
  },
  {
    id: "hazard-17",
    name: text("隐患 17：number 是 nan", "Hazard 17: nan as number"),
    explanation: text(
      "返回 200，响应体里的 NaN 不是 JSON。",
      "The response is 200, and the NaN in its body is no JSON.",
    ),
    page: "../hazards/#h17",
    method: "POST",
    path: "/prompt",
    body: { number: "nan", prompt: GOOD },
  },
  {
    id: "hazard-18",
    name: text("隐患 18：编号相同", "Hazard 18: equal numbers"),
    explanation: text(
      "先选第一个请求，把 steps 改成 200 再发送。趁它在执行，把这个请求发三次：三个编号相同，id 小的先执行；比较响应里的 prompt_id 和 WebSocket 里 execution_start 的次序。",
      "First choose the first request, raise its steps to 200, and send it. While that runs, send this one three times: with equal numbers, the smaller id runs first; compare the prompt_id of each response with the order of execution_start on the WebSocket.",
    ),
    page: "../hazards/#h18",
    method: "POST",
    path: "/prompt",
    body: (_, client_id) => ({ client_id, number: 5, prompt: GOOD }),
  },
  {
    id: "hazard-19",
    name: text("隐患 19：客户端的错误", "Hazard 19: the client's mistake"),
    explanation: text("错在客户端，状态码却是 500。", "The fault is the client's, but the status is 500."),
    page: "../hazards/#h19",
    method: "POST",
    path: "/free",
    body: "null",
  },
  {
    id: "hazard-20",
    name: text("隐患 20：脚本列出来，却取不到", "Hazard 20: a listed script is missing"),
    explanation: text(
      "GET /extensions 列出了这个路径，它的文件夹名里有空格：404。",
      "GET /extensions lists this path, whose folder has a space in its name: 404.",
    ),
    page: "../hazards/#h20",
    method: "GET",
    path: "/extensions/with%20blank/pack.js",
  },
];

/** What to send to each route of server/map, if that is more than its address. @type {Record<string, Partial<Preset>>} */
const EXAMPLES = {
  "GET /ws": {
    explanation: text(
      "这是普通的 GET，没有要求升级，所以返回 400；真正的 WebSocket 由另一栏连接。",
      "A plain GET that asks for no upgrade, so 400; the other part connects a real WebSocket.",
    ),
    page: "../websocket/",
  },
  "GET /models/{folder}": { path: "/models/checkpoints" },
  "POST /upload/image": upload(),
  "POST /upload/mask": upload("hello.txt", "hello", TO_NO_ORIGINAL),
  "GET /view": { path: "/view?filename=toy_00001_.png" },
  "GET /view_metadata/{folder_name}": { path: "/view_metadata/checkpoints?filename=a.safetensors" },
  "GET /object_info/{node_class}": { path: "/object_info/SaveImage" },
  "GET /history/{prompt_id}": { path: "/history/none" },
  "POST /prompt": { headers: JSON_TYPE, body: { prompt: GOOD } },
  "POST /queue": { headers: JSON_TYPE, body: { clear: true } },
  "POST /free": { headers: JSON_TYPE, body: { unload_models: true } },
  "POST /history": { headers: JSON_TYPE, body: { clear: true } },
};
const PLAIN =
  "GET /, GET /embeddings, GET /models, GET /extensions, GET /system_stats, GET /prompt, GET /object_info, GET /history, GET /queue, POST /interrupt";

/** @param {string} route "GET /queue" @returns {Preset} */
function routePreset(route) {
  const [method, path] = route.split(" ");
  const explanation = text("server.py 的一条路由。", "A route of server.py.");
  return { id: route, name: route, explanation, page: "../map/#routes", method, path, ...EXAMPLES[route] };
}

/** All of them, as the console groups them. @type {[string, Preset[]][]} */
export const GROUPS = [
  [text("看点", "What to look for"), LESSONS],
  [text("隐患", "Hazards"), HAZARDS],
  [text("路由", "Routes"), [...PLAIN.split(", "), ...Object.keys(EXAMPLES)].map(routePreset)],
];
export const PRESETS = GROUPS.flatMap(([, presets]) => presets);

/** The id in the address: `?preset=hazard-1`, or the same after a #. */
export const idInAddress = () =>
  [location.search, location.hash.slice(1)]
    .map((one) => new URLSearchParams(one).get("preset"))
    .find(Boolean);

export const presetInAddress = () => PRESETS.find(({ id }) => id === idInAddress());
