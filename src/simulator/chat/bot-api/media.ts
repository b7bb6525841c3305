import { ApiError, badRequest } from '../api-error.ts';
import type { Content, DocumentContent, FormattedText, PhotoContent } from '../message.ts';
import { captionText } from '../text/formatted-text.ts';
import { imageInfo } from '../wire/image-size.ts';
import { isObject } from '../wire/json.ts';
import { asText } from '../wire/params.ts';
import type { Params } from '../wire/params.ts';
import type { UploadedFile } from '../wire/multipart.ts';
import type { World } from '../world.ts';

/** Telegram's limits for a photo. */
const PHOTO_MAX_BYTES = 10 * 1024 * 1024;
const PHOTO_MAX_SIDES_PIXELS = 10_000;
const PHOTO_MAX_RATIO = 20;

type Kind = 'photo' | 'document';

/** Where a call's file comes from: the call, the world to keep it in and the reference given for it. */
interface Source {
  readonly world: World;
  readonly params: Params;
  readonly field: string;
  readonly reference: string;
}

/** The photo or document that a call sends under the field of that name. */
export function readMedia(world: World, params: Params, kind: Kind): Partial<Content> {
  const source = { world, params, field: kind, reference: params.text(kind) };
  const media = mediaOf(source, kind);
  if (!media) throw badRequest(`There is no ${kind} in the request`);
  return media;
}

/** An InputMedia object as a content; `album` forbids what an album cannot hold. */
export function readInputMedia(world: World, params: Params, value: unknown): Content {
  const refuse = (reason: string): never => {
    throw badRequest(`Can't parse InputMedia: ${reason}`);
  };
  if (!isObject(value)) return refuse('expected an Object');
  const type = asText(value['type']);
  if (type !== 'photo' && type !== 'document') return refuse(`invalid type specified`);
  const media = mediaOf({ world, params, field: '', reference: asText(value['media']) }, type);
  if (!media) return refuse('media not found');
  const body: FormattedText = captionText({
    text: asText(value['caption']),
    parseMode: asText(value['parse_mode']),
    entities: value['caption_entities'],
  });
  const above = value['show_caption_above_media'] === true ? { captionAbove: true } : {};
  return { body, ...media, ...above };
}

function mediaOf(source: Source, kind: Kind): Partial<Content> | undefined {
  const attached = source.reference.startsWith('attach://');
  const name = attached ? source.reference.slice('attach://'.length) : source.field;
  const file = source.params.files.get(name);
  if (file) {
    if (file.bytes.length === 0) throw badRequest('file must be non-empty');
    return kind === 'photo'
      ? { photo: addPhoto(source.world, file) }
      : { document: addDocument(source.world, file) };
  }
  if (attached || source.reference === '') return undefined;
  return storedMedia(source.world, source.reference, kind);
}

function storedMedia(world: World, reference: string, kind: Kind): Partial<Content> {
  // The emulator asks nobody on the network, so an address is refused like one that Telegram cannot read.
  const file = world.files.get(reference);
  const bytes = world.files.bytes(reference);
  if (!file || !bytes) throw badRequest('Wrong file identifier/HTTP URL specified');
  const ids = { fileId: file.fileId, uniqueId: file.uniqueId, size: file.size };
  if (kind === 'document') return { document: { ...ids, name: file.name, mime: file.mime } };
  const info = file.path.startsWith('photos/') ? imageInfo(bytes) : undefined;
  if (!info) throw badRequest("can't use file of type Document as Photo");
  return { photo: { ...ids, width: info.width, height: info.height } };
}

function addPhoto(world: World, upload: UploadedFile): PhotoContent {
  if (upload.bytes.length > PHOTO_MAX_BYTES) throw new ApiError(413, 'Request Entity Too Large');
  const info = imageInfo(upload.bytes);
  if (!info) throw badRequest('IMAGE_PROCESS_FAILED');
  const { width, height } = info;
  const ratio = Math.max(width / height, height / width);
  if (width + height > PHOTO_MAX_SIDES_PIXELS || !(ratio <= PHOTO_MAX_RATIO)) {
    throw badRequest('PHOTO_INVALID_DIMENSIONS');
  }
  const file = world.files.add({
    folder: 'photos',
    extension: `.${info.extension}`,
    name: upload.name,
    mime: info.mime,
    bytes: upload.bytes,
  });
  return { fileId: file.fileId, uniqueId: file.uniqueId, width, height, size: file.size };
}

function addDocument(world: World, upload: UploadedFile): DocumentContent {
  const name = upload.name.replace(/^.*[\\/]/, '') || 'file';
  const extension = /\.[a-z0-9]{1,8}$/i.exec(name)?.[0] ?? '';
  const mime = mimeOf(extension, upload.mime);
  const file = world.files.add({ folder: 'documents', extension, name, mime, bytes: upload.bytes });
  return { fileId: file.fileId, uniqueId: file.uniqueId, name, mime, size: file.size };
}

const MIME_TYPES: Readonly<Record<string, string>> = {
  '.csv': 'text/csv',
  '.txt': 'text/plain',
  '.json': 'application/json',
  '.pdf': 'application/pdf',
  '.png': 'image/png',
  '.jpg': 'image/jpeg',
  '.jpeg': 'image/jpeg',
  '.zip': 'application/zip',
};

function mimeOf(extension: string, given: string): string {
  return MIME_TYPES[extension.toLowerCase()] ?? given;
}
