// Draws the two ways of marking up text, Slack's mrkdwn and the Markdown of Adaptive Cards, as nodes.

import { h, link } from "./dom.js";

const SLACK = /<([^<>\n]+)>|`([^`\n]+)`|(?<![\w*])\*(?=\S)([^*\n]+?)(?<=\S)\*(?![\w*])|(?<!\w)_(?=\S)([^_\n]+?)(?<=\S)_(?!\w)|(?<![\w~])~(?=\S)([^~\n]+?)(?<=\S)~(?![\w~])/g;
const TEAMS = /\\([\\`*_{}[\]()#+\-.!~>|])|\[([^\]\n]+)\]\(([^)\s]+)\)|<at>([^<]+)<\/at>|\*\*(?=\S)([^\n]+?)(?<=\S)\*\*|(?<![\w*])\*(?=\S)([^*\n]+?)(?<=\S)\*(?![\w*])|(?<!\w)_(?=\S)([^_\n]+?)(?<=\S)_(?!\w)/g;

/** Slack's three escapes, undone. */
function plain(text) {
  return text.replaceAll("&lt;", "<").replaceAll("&gt;", ">").replaceAll("&amp;", "&");
}

function inline(text, pattern, draw, leaf) {
  const nodes = [];
  let end = 0;
  for (const match of text.matchAll(pattern)) {
    if (match.index > end) nodes.push(leaf(text.slice(end, match.index)));
    nodes.push(...draw(match));
    end = match.index + match[0].length;
  }
  if (end < text.length) nodes.push(leaf(text.slice(end)));
  return nodes;
}

/** What stands between < and > in Slack: a person, a channel, a date, or an address with its words. */
function slackReference(inside, names) {
  const [target, words] = inside.split("|", 2);
  if (target.startsWith("@")) return h("span", { class: "mention" }, `@${names.get(target.slice(1)) || plain(words || "a colleague")}`);
  if (target.startsWith("#")) return h("span", { class: "mention" }, `#${plain(words || "channel")}`);
  if (target.startsWith("!")) return plain(words || `@${target.slice(1)}`);
  return link(plain(target), plain(words || target));
}

function slackInline(text, names) {
  const again = (part) => slackInline(part, names);
  const draw = ([whole, reference, code, strong, soft, struck]) => {
    if (reference !== undefined) return [slackReference(reference, names)];
    if (code !== undefined) return [h("code", {}, plain(code))];
    if (strong !== undefined) return [h("strong", {}, again(strong))];
    if (soft !== undefined) return [h("em", {}, again(soft))];
    return struck === undefined ? [whole] : [h("s", {}, again(struck))];
  };
  return inline(text, SLACK, draw, plain);
}

function teamsInline(text) {
  const draw = ([whole, escaped, words, address, mention, strong, star, soft]) => {
    if (escaped !== undefined) return [escaped];
    if (words !== undefined) return [link(address, words)];
    if (mention !== undefined) return [h("span", { class: "mention" }, `@${mention}`)];
    if (strong !== undefined) return [h("strong", {}, teamsInline(strong))];
    const leaning = star ?? soft;
    return leaning === undefined ? [whole] : [h("em", {}, teamsInline(leaning))];
  };
  return inline(text, TEAMS, draw, (part) => part);
}

/** Groups lines into paragraphs, quotations and lists, in the order they came. */
function grouped(lines, drawLine, marks) {
  const groups = [];
  for (const line of lines) {
    const mark = marks.find(({ start }) => start.test(line));
    const kind = mark ? mark.kind : "p";
    const rest = mark ? line.replace(mark.start, "") : line;
    const last = groups.at(-1);
    if (last && last.kind === kind && line.trim()) last.lines.push(rest);
    else if (line.trim()) groups.push({ kind, lines: [rest] });
    else groups.push({ kind: "", lines: [] });
  }
  return groups.filter(({ kind }) => kind).map(({ kind, lines: own }) => drawGroup(kind, own, drawLine));
}

function drawGroup(kind, lines, drawLine) {
  if (kind === "ul" || kind === "ol") return h(kind, {}, ...lines.map((line) => h("li", {}, drawLine(line))));
  const broken = lines.flatMap((line, index) => (index ? [h("br"), ...drawLine(line)] : drawLine(line)));
  return h(kind, {}, broken);
}

/** Words without any markup, in paragraphs. */
export function plainText(text) {
  return grouped(text.split("\n"), (line) => [line], []);
}

/** Slack's text object: `mrkdwn` is marked up, `plain_text` is not. `names` maps user ids to names. */
export function slackText(text, names) {
  if (!text) return [];
  if (text.type === "plain_text") return plainText(text.text);
  return grouped(text.text.split("\n"), (line) => slackInline(line, names), [{ kind: "blockquote", start: /^(&gt;|>) ?/ }]);
}

/** One line of a Slack text object, for places that hold no paragraphs. */
export function slackLine(text, names) {
  return text.type === "plain_text" ? [text.text] : slackInline(text.text, names);
}

/** The Markdown that Teams draws in messages and cards. */
export function teamsText(text) {
  const marks = [
    { kind: "ul", start: /^\s*[-*] (?=\S)/ },
    { kind: "ol", start: /^\s*\d+\. (?=\S)/ },
    { kind: "blockquote", start: /^> ?/ },
  ];
  return grouped(String(text).split(/\r?\n/), teamsInline, marks);
}
