import { listFiles } from '../folder.js';

const extensions = /\.(avi|flv|m2ts|m4v|mkv|mov|mp4|mpe?g|mts|ogv|ts|webm|wmv|y4m)$/i;

/** Whether a name is that of a video file, which ffmpeg would have to read. */
export const isVideoFile = (path: string): boolean => extensions.test(path);

/**
 * The video files in a folder in natural order. There may be none.
 *
 * @throws InputError if the folder is missing or is a file
 */
export const findVideoFiles = (folder: string): string[] => listFiles(folder).filter(isVideoFile);
