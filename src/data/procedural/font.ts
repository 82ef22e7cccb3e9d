/**
 * A 5 x 7 bitmap font. A glyph is seven rows, the top one first, each a base-32 digit (0-9, A-V) whose five
 * bits are its pixels, the leftmost highest.
 */
const GLYPHS =
  'EHHVHHH UHHUHHU EHGGGHE UHHHHHU VGGUGGV VGGUGGG EHGNHHE HHHVHHH E44444E 72222IC HIKOKIH GGGGGGV ' + // A-L
  'HRLLHHH HHPLJHH EHHHHHE UHHUGGG EHHHLID UHHUKIH FGGE11U V444444 HHHHHHE HHHHHA4 HHHLLLA HHA4AHH ' + // M-X
  'HHHA444 V1248GV EHJLPHE 4C4444E EH1248V V2421HE 26AIV22 VGU11HE 68GUHHE V124888 EHHEHHE EHHF12C ' + // YZ0-9
  '00E1FHF GGMPHHU 00EGGHE 11DJHHF 00EHVGE 0FHHF1E GGMPHHH 40C444E C44444E 00QLLHH 00MPHHH 00EHHHE ' + // a-o
  '00UHUGG 00MPGGG 00EGE1U 88S8896 00HHHJD 00000CC 0000C48 0CC0CC0 000V000 044V440 01248G0 EH12404'; // p-u .,:-+/?

/** Columns and rows from one letter to the next: 5 x 7 and the space between. */
export const PITCH_X = 6;
export const PITCH_Y = 10;

const rows = GLYPHS.split(' ').map((glyph) => Array.from(glyph, (digit) => parseInt(digit, 32)));

/** How many glyphs there are: 0 … GLYPH_COUNT − 1. */
export const GLYPH_COUNT = rows.length;

/** 1 where glyph `glyph` has ink at column `x`, row `y` of its 6 x 10 box, else 0. */
export const ink = (glyph: number, x: number, y: number): number =>
  x < 5 && y < 7 ? (rows[glyph][y] >> (4 - x)) & 1 : 0;
