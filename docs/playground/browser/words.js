// Every text of the panel and of the console, in Chinese and English; presets.js has those of its requests.

import { EXERCISE as EXERCISE_LABELS, LABELS, text } from "./run.js";
import { START } from "./start.js";

const NEEDS_JSPI = text(
  "这个浏览器没有 JSPI（JavaScript Promise Integration）；新版的 Chrome、Edge、Firefox 和 Safari 有。",
  "This browser lacks JSPI (JavaScript Promise Integration); a recent Chrome, Edge, Firefox or Safari has it.",
);
const NO_WEB_ASSEMBLY = text(
  "这个浏览器没有 WebAssembly，不能运行 Python。",
  "This browser has no WebAssembly, so it cannot run Python.",
);
const LOAD_FAILED = text("下载失败。", "The download failed.");
const RUN_LOCALLY = text(
  "在自己的机器上可以运行 .venv/bin/python -m snippets.recreation。",
  "On your own machine, .venv/bin/python -m snippets.recreation runs it.",
);

const STARTING = text("正在启动 Python", "Starting Python");
/** @param {string} megabytes "4.1 / 7.6" */
const downloading = (megabytes) =>
  text(`正在下载 Python：${megabytes} MB`, `Downloading Python: ${megabytes} MB`);

export const PANEL = {
  run: `▶\uFE0E ${LABELS.run}`,
  stop: text("■ 停止", "■ Stop"),
  retry: LABELS.retry,
  edit: LABELS.edit,
  editMine: text("修改 ●", "Edit ●"),
  close: text("关闭", "Close"),
};

/** In place of PANEL, at an exercise. */
export const EXERCISE = {
  run: `▶\uFE0E ${EXERCISE_LABELS.run}`,
  edit: EXERCISE_LABELS.edit,
  editMine: text("接着写 ●", "Go on writing ●"),
};

export const EDITOR = {
  label: text("代码，可以修改", "Code, editable"),
  keys: text("Ctrl+Enter 运行，Esc 离开编辑器", "Ctrl+Enter runs, Esc leaves"),
  /** @param {number} lines */
  whole: (lines) => text(`整个文件（${lines} 行）`, `Whole file (${lines} lines)`),
  part: text("只看这几行", "These lines only"),
  reset: text("还原", "Reset"),
  undo: text("撤销还原", "Undo reset"),
  showOwn: text("换回我的代码", "Back to my code"),
  showLinked: text("链接里的代码", "The link's code"),
  link: text("复制链接", "Copy link"),
  edited: text("● 已修改，本标签页内保留", "● edited, kept in this tab"),
  kept: text("● 已修改，保留在这个浏览器", "● edited, kept in this browser"),
  /** @param {number} lines */
  linked: (lines) =>
    text(
      `● 这是链接里的代码，与测试过的有 ${lines} 行不同`,
      `● the link's code: ${lines} ${lines === 1 ? "line differs" : "lines differ"} from the tested one`,
    ),
  copied: text("已复制：链接里有改过的代码。", "Copied: the link holds the code as it stands."),
  copyThis: text("带着这段代码的链接", "Link to this code"),
};

export const OUTPUT = {
  mine: text("浏览器里的输出", "Output in this browser"),
  progress: text("下载进度", "Download"),
  which: text("看哪一份输出", "Which output"),
  copy: text("复制", "Copy to clipboard"),
  showTested: text("测试过的", "Tested"),
  showMine: text("我的", "Mine"),
  starting: STARTING,
  downloading,
  running: text("运行中", "Running"),
  browser: text("这个浏览器：", "This browser: "),
  recreation: text("这个浏览器，用重建的服务器：", "This browser, on the re-creation: "),
  edited: text("改过的代码：", "Edited code: "),
  outdated: text("代码在这之后改过", "of the code before this edit"),
  same: text("与测试过的相同 ✓", "same as tested ✓"),
  /** @param {number} lines */
  differs: (lines) => text(`有 ${lines} 行不同`, `differs in ${lines} ${lines === 1 ? "line" : "lines"}`),
  truncated: text("\n……输出太长，后面的不再显示。", "\n… more output, not shown."),
};

/** What Check says of an exercise. */
export const CHECKED = {
  expected: text("应当打印的内容", "What it should print"),
  showTested: text("应当打印的", "Expected"),
  same: text("通过 ✓ 打印的与答案相同", "Passed ✓ It prints what the answer prints"),
  notYet: text("还没有通过：", "Not yet: "),
  log: text("Python 的报错", "What Python reported"),
  /** @param {number} lines */
  differs: (lines) =>
    text(`有 ${lines} 行不对或缺少`, `${lines} ${lines === 1 ? "line is" : "lines are"} wrong or missing`),
  /** @param {number} line @param {string} [expected] @param {string} [printed] */
  first(line, expected, printed) {
    if (printed === undefined)
      return text(`缺少第 ${line} 行“${expected}”`, `line ${line} is missing: “${expected}”`);
    if (expected === undefined)
      return text(`多出第 ${line} 行“${printed}”`, `line ${line} is one too many: “${printed}”`);
    return text(
      `第 ${line} 行应当是“${expected}”，现在是“${printed}”`,
      `line ${line} should be “${expected}”, is “${printed}”`,
    );
  },
};

/** How a program ended. @type {Record<string, string>} */
export const PROGRAM_OUTCOMES = {
  done: text("运行结束", "Done"),
  failed: text("出错了", "Failed"),
  stopped: text("已停止", "Stopped"),
  deadlock: text(
    "死锁（deadlock）：所有任务和线程都在等待，没有什么能唤醒它们。",
    "Deadlock: every task and thread waits, and nothing is left to wake one.",
  ),
  memory: text(
    "内存不足：网页里的 Python 可用的内存有限。",
    "Out of memory: Python in a page has a limited amount.",
  ),
  network: text(
    "这个地址在网页之外：示例只能连接它自己启动的服务器。",
    "That address is outside the page: only servers that the snippet starts can be reached.",
  ),
  threads: text(`这段程序要有第二个线程。${NEEDS_JSPI}`, `The program needs a second thread. ${NEEDS_JSPI}`),
  crashed: text("Python 崩溃了，下次运行时会重新启动。", "Python has crashed; the next run restarts it."),
  noWebAssembly: NO_WEB_ASSEMBLY,
  loadFailed: LOAD_FAILED,
};

/** How a proof ended. @type {Record<string, string>} */
export const PROOF_OUTCOMES = {
  ...PROGRAM_OUTCOMES,
  done: text("通过 ✓", "passed ✓"),
  failed: text("没有通过 ✗", "failed ✗"),
};

export const CONSOLE = {
  start: START,
  retry: LABELS.retry,
  stop: text("停止服务器", "Stop the server"),
  downloading,
  loading: STARTING,
  starting: text("服务器正在启动", "The server is starting"),
  running: text(
    "服务器在这个网页里运行（只有这一页能连接它），Host 是",
    "The server runs in this page (only this page can reach it); its Host is",
  ),
  startedWith: text("，启动参数是 ", ", started with "),
  progress: OUTPUT.progress,
  processEnded: text("进程结束了，publish_loop 抛出了", "The process has ended: publish_loop raised"),
  workerEnded: text(
    "工作线程结束了（见日志）：请求照常响应，但不再执行任何 prompt。",
    "The worker thread has ended (see the log): requests are answered as before, but no prompt is executed.",
  ),
  serverLog: text("服务器的日志", "The server's log"),
};

/** How the console's server ended. @type {Record<string, string>} */
export const SERVER_OUTCOMES = {
  stopped: text("服务器已停止。", "The server has stopped."),
  replaced: text(
    "服务器已停止：同一时间只能运行一个程序。",
    "The server has stopped: only one program can run at a time.",
  ),
  failed: text("服务器出错，已停止；原因见下面的日志。", "The server failed; its log below says why."),
  memory: text("内存不足，服务器已停止。", "Out of memory: the server has stopped."),
  threads: text(
    `服务器要有第二个线程。${NEEDS_JSPI}${RUN_LOCALLY}`,
    `The server needs a second thread. ${NEEDS_JSPI} ${RUN_LOCALLY}`,
  ),
  crashed: text("Python 崩溃了。", "Python has crashed."),
  noWebAssembly: text(`${NO_WEB_ASSEMBLY}${RUN_LOCALLY}`, `${NO_WEB_ASSEMBLY} ${RUN_LOCALLY}`),
  loadFailed: LOAD_FAILED,
};

export const REQUEST = {
  /** @param {string} [flags] that the chosen request needs */
  restart: (flags) =>
    text(
      `先停止服务器，再启动：这个请求要求服务器${flags ? `带参数 ${flags}` : "不带参数"}。`,
      `First stop and start the server: this request is for one ${flags ? `with ${flags}` : "without flags"}. `,
    ),
  title: text("请求", "Request"),
  preset: text("现成的请求", "Ready-made request"),
  method: text("方法", "Method"),
  path: text("路径", "Path"),
  headers: text("请求头，一行一个", "Headers, one per line"),
  headerHint: text("名字: 值", "Name: value"),
  body: text("请求体", "Body"),
  send: text("发送请求", "Send request"),
  link: EDITOR.link,
  linked: text("这是链接里的请求。", "This is the link's request."),
  cut: text(
    "链接不完整，无法读出它带的请求。请再要一次。",
    "The link is not whole, so its request is lost. Ask for it again.",
  ),
  copied: text("已复制：链接里有现在的请求。", "Copied: the link holds the request as it stands."),
  copyThis: text("带着这个请求的链接", "Link to this request"),
  explained: text("讲解这一点的页面", "The page about this"),
  waiting: text("等待响应……", "Waiting for the response…"),
  response: text("响应", "Response"),
  passed: text("经过了", "Passed through"),
  responded: text("由它响应", "responded"),
  failedHere: text("在这里出错，由 aiohttp 响应", "failed here; aiohttp responded"),
  notReached: text("没有到达", "not reached"),
  handler: text("处理函数", "handler"),
  passedNothing: text(
    "一个中间件也没到，aiohttp 直接响应了。",
    "No middleware: aiohttp responded before any of them.",
  ),
  requestHeaders: text("实际发出的请求头", "Request headers as sent"),
  responseHeaders: text("响应头", "Response headers"),
  responseBody: text("响应体", "Response body"),
  image: text("响应里的图片", "The image in the response"),
  noImage: text("浏览器无法把它显示成图片：", "The browser cannot show this as an image: "),
  empty: text("（空）", "(empty)"),
  noResponse: text("没有响应：", "No response:"),
  /** @param {number} line */
  malformedHeader: (line) =>
    text(`请求头第 ${line} 行不是“名字: 值”。`, `Header line ${line} is not “Name: value”.`),
  /** @param {number} length */
  wrongLength: (length) =>
    text(
      `Content-Length 应当是请求体的字节数 ${length}，否则服务器会认错下一个请求从哪里开始。`,
      `Content-Length must be ${length}, the bytes of the body, or the server mistakes where the next request begins.`,
    ),
};

/** Why a request was not sent or got no response, by the reason that the server's side gives. @type {Record<string, string>} */
export const REQUEST_ERRORS = {
  method: text(
    "方法里只能有字母、数字和少数几个符号，不能有空格。",
    "A method consists of letters, digits and a few signs, without spaces.",
  ),
  path: text(
    "路径要以一个 / 开头：不能是 //，也不能是 http://。",
    "A path begins with exactly one /: neither // nor http://.",
  ),
  headers: text(
    "请求头的名字里只能有字母、数字和少数几个符号，值里不能有控制字符。",
    "A header's name consists of letters, digits and a few signs; its value has no control characters.",
  ),
  TimeoutError: text("10 秒内没有收到完整的响应。", "No complete response within 10 seconds."),
};

export const WEB_SOCKET = {
  name: text("客户端名字", "Client name"),
  connect: text("连接", "Connect"),
  disconnect: text("断开", "Disconnect"),
  message: text("消息", "Message"),
  send: text("发送消息", "Send message"),
  log: text("WebSocket 上的消息", "Messages of the WebSocket"),
  connected: text("已连接，名字是", "Connected as"),
  connectedUnnamed: text(
    "已连接，名字由服务器指定（见 sid）",
    "Connected; the server has chosen the name (see sid)",
  ),
  closed: text("连接已结束", "The connection has ended"),
  noReply: text("服务器读了这条消息，没有回复。", "The server has read it and sent no reply."),
  preview: text("预览图", "Preview"),
  /** @param {number} event @param {number} type */
  binary: (event, type) =>
    text(`二进制消息：事件 ${event}，类型 ${type}`, `binary: event ${event}, type ${type}`),
};
