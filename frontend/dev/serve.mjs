/**
 * Serves dev/index.html, the built files and one file of tiles on 127.0.0.1, with the content security policy of the
 * site, so that what it forbids shows here: `node dev/serve.mjs TILES.pmtiles [PORT]`.
 */
import { createReadStream, existsSync, statSync } from "node:fs";
import { createServer } from "node:http";
import { extname, join, normalize } from "node:path";
import { fileURLToPath } from "node:url";

const HERE = fileURLToPath(new URL(".", import.meta.url));
const BUILT = fileURLToPath(new URL("../../src/nahtstelle/portal/static/nt/", import.meta.url));
const TYPES = { ".html": "text/html", ".js": "text/javascript", ".css": "text/css", ".woff2": "font/woff2" };
const POLICY = [
  "default-src 'self'",
  "script-src 'self'",
  "style-src 'self'",
  "worker-src 'self'",
  "img-src 'self' data: blob:",
  "connect-src 'self'",
].join("; ");

const [tiles, port = "8399"] = process.argv.slice(2);
if (!tiles || !existsSync(tiles)) {
  console.error("usage: node dev/serve.mjs TILES.pmtiles [PORT]");
  process.exit(2);
}

function fileOf(path) {
  if (path === "/tiles.pmtiles") return tiles;
  if (path.startsWith("/static/nt/")) return join(BUILT, normalize(path.slice("/static/nt".length)));
  return join(HERE, normalize(path === "/" ? "/index.html" : path));
}

createServer((request, response) => {
  const file = fileOf(new URL(request.url, "http://localhost").pathname);
  if (!existsSync(file) || !statSync(file).isFile()) return response.writeHead(404).end();
  const { size, mtimeMs } = statSync(file);
  const headers = {
    "Content-Type": TYPES[extname(file)] ?? "application/octet-stream",
    "Content-Security-Policy": POLICY,
    "Accept-Ranges": "bytes",
    ETag: `"${size}-${mtimeMs}"`,
  };
  const range = /^bytes=(\d+)-(\d*)$/.exec(request.headers.range ?? "");
  if (!range) {
    response.writeHead(200, { ...headers, "Content-Length": size });
    return createReadStream(file).pipe(response);
  }
  const start = Number(range[1]);
  const end = Math.min(range[2] ? Number(range[2]) : size - 1, size - 1);
  response.writeHead(206, { ...headers, "Content-Range": `bytes ${start}-${end}/${size}`, "Content-Length": end - start + 1 });
  createReadStream(file, { start, end }).pipe(response);
}).listen(Number(port), "127.0.0.1", () => console.log(`http://127.0.0.1:${port}/`));
