// Requests to the server that this page came from, with the token from the address; never to anywhere else.

const token = location.hash.slice(1);

export class Failed extends Error {}

async function sent(path: string, init: RequestInit): Promise<Response> {
  let answer: Response;
  try {
    answer = await fetch(path, { ...init, headers: { ...init.headers, "x-demo-token": token } });
  } catch {
    throw new Failed("The demo has ended, or cannot be reached. Start it again with: engagement-bot demo --web");
  }
  if (!answer.ok) throw new Failed(await answer.text());
  return answer;
}

export async function ask<T>(name: string, asked: object): Promise<T> {
  const body = JSON.stringify(asked);
  const answer = await sent(`/api/${name}`, { method: "POST", body, headers: { "content-type": "application/json" } });
  return (await answer.json()) as T;
}

const MOST_BYTES = 30_000_000;

export async function upload(file: File): Promise<{ id: string; name: string; size: number }> {
  if (file.size > MOST_BYTES) throw new Failed(`${file.name} is larger than ${MOST_BYTES / 1e6} MB.`);
  const headers = { "x-file-name": encodeURIComponent(file.name), "content-type": "application/octet-stream" };
  return (await sent("/api/upload", { method: "POST", body: file, headers })).json();
}

export async function content(id: string): Promise<Blob> {
  return (await sent(`/api/file/${encodeURIComponent(id)}`, {})).blob();
}

export async function save(id: string, name: string): Promise<void> {
  const url = URL.createObjectURL(await content(id));
  const link = document.createElement("a");
  link.href = url;
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
}
