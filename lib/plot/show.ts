/** Figures where the user sees them: a window, the terminal, or a file whose path is printed. */
import { spawn } from "node:child_process";
import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { save, toPNG } from "./save.js";
import { sixel } from "./sixel.js";
import type { FigureSpec } from "./spec.js";

/** What the process runs in. */
export interface Surroundings {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly platform: string;
  readonly stdout: { readonly isTTY?: boolean; write(text: string): unknown };
}

/** How a terminal draws images, where it does. */
export function protocolOf({ env, stdout }: Surroundings): "kitty" | "iterm" | "sixel" | undefined {
  if (stdout.isTTY !== true || env.TMUX !== undefined) return undefined; // tmux does not pass images on
  const [term, program] = [env.TERM ?? "", env.TERM_PROGRAM ?? ""];
  if (env.KITTY_WINDOW_ID !== undefined || /kitty|ghostty/.test(term) || program === "ghostty") return "kitty";
  if (["iTerm.app", "WezTerm", "vscode"].includes(program)) return "iterm";
  return /sixel|foot|mlterm|yaft/.test(term) || program === "mintty" ? "sixel" : undefined;
}

/** Whether a window can be opened. */
export function hasDesktop({ env, platform }: Surroundings): boolean {
  if (env.CI !== undefined || env.SSH_CONNECTION !== undefined) return false;
  if (platform === "darwin" || platform === "win32") return true;
  return env.DISPLAY !== undefined || env.WAYLAND_DISPLAY !== undefined;
}

/** A PNG as what a terminal of the kitty protocol takes: pieces of 4096 characters. */
export function kitty(png: Uint8Array): string {
  const text = Buffer.from(png).toString("base64");
  const pieces = text.match(/.{1,4096}/g) ?? [];
  return `${pieces.map((piece, i) => `\x1b_G${i === 0 ? "a=T,f=100," : ""}m=${i + 1 < pieces.length ? 1 : 0};${piece}\x1b\\`).join("")}\n`;
}

/** A PNG as what iTerm2, WezTerm and VS Code take. */
export function iterm(png: Uint8Array): string {
  return `\x1b]1337;File=inline=1;size=${png.length}:${Buffer.from(png).toString("base64")}\x07\n`;
}

/** Shows a figure. */
export async function show(figure: FigureSpec, around: Surroundings = process): Promise<void> {
  const protocol = protocolOf(around);
  if (protocol !== undefined) {
    const png = await toPNG(figure, {});
    around.stdout.write({ kitty, iterm, sixel }[protocol](png));
    return;
  }
  const path = join(mkdtempSync(join(tmpdir(), "candlewick-")), "figure.png");
  await save(figure, path, {});
  if (!hasDesktop(around) || !(await opened(path, around.platform))) around.stdout.write(`${path}\n`);
}

/** Opens a file with the desktop's program. Returns whether one was started. */
function opened(path: string, platform: string): Promise<boolean> {
  const [command, args] = platform === "darwin" ? ["open", [path]] : platform === "win32" ? ["cmd", ["/c", "start", "", path]] : ["xdg-open", [path]]; // biome-ignore format: one line
  return new Promise((resolve) => {
    const child = spawn(command as string, args as string[], { stdio: "ignore", detached: true });
    child.on("error", () => resolve(false));
    child.on("spawn", () => {
      child.unref();
      resolve(true);
    });
  });
}
