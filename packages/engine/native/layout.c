/* Copies that put values where the kernels want them, and a look at values. */
#include "simd.h"

INLINE void fill_zero(float *to, int count) {
  int i = 0;
  for (; i + 4 <= count; i += 4) wasm_v128_store(to + i, zeros());
  for (; i < count; i++) to[i] = 0;
}

INLINE void copy(const float *from, float *to, int count) {
  int i = 0;
  for (; i + 4 <= count; i += 4) wasm_v128_store(to + i, wasm_v128_load(from + i));
  for (; i < count; i++) to[i] = from[i];
}

/*
 * Lays a matrix of taps x channels rows and `columns` columns out in panels of sixteen columns, the last filled up
 * with zeros: out[panel][tap][channel][16]. The steps say how far apart the values lie; negative ones turn a filter.
 */
EXPORT(lay_panels)(const float *from, int taps_down, int down_step, int taps_across, int across_step, int channels,
                   int channel_step, int columns, int column_step, float *out) {
  for (int first = 0; first < columns; first += PANEL) {
    const int width = columns - first < PANEL ? columns - first : PANEL;
    for (int down = 0; down < taps_down; down++) {
      for (int across = 0; across < taps_across; across++) {
        const float *tap = from + first * column_step + down * down_step + across * across_step;
        for (int channel = 0; channel < channels; channel++, tap += channel_step, out += PANEL) {
          if (column_step == 1 && width == PANEL) {
            UNROLL for (int i = 0; i < PANEL; i += 4) wasm_v128_store(out + i, wasm_v128_load(tap + i));
          } else {
            for (int i = 0; i < width; i++) out[i] = tap[i * column_step];
            for (int i = width; i < PANEL; i++) out[i] = 0;
          }
        }
      }
    }
  }
}

/* The same matrix, transposed: out[column][tap][channel]. */
EXPORT(lay_columns)(const float *from, int taps_down, int down_step, int taps_across, int across_step, int channels,
                    int channel_step, int columns, int column_step, float *out) {
  for (int column = 0; column < columns; column++) {
    for (int down = 0; down < taps_down; down++) {
      for (int across = 0; across < taps_across; across++) {
        const float *tap = from + column * column_step + down * down_step + across * across_step;
        for (int channel = 0; channel < channels; channel++) *out++ = tap[channel * channel_step];
      }
    }
  }
}

/*
 * Puts images into frames of another size: `top` rows and `left` columns of zeros come before (negative: are cut off),
 * and zeros after, as far as the frame goes.
 */
EXPORT(frame)(const float *x, int images, int height, int width, int channels, int top, int left, float *out,
              int out_height, int out_width) {
  const int skipped = left < 0 ? -left : 0;
  const int before = left < 0 ? 0 : left < out_width ? left : out_width;
  const int room = out_width - before, given = width > skipped ? width - skipped : 0;
  const int taken = given < room ? given : room;
  for (int image = 0; image < images; image++, x += height * width * channels) {
    for (int row = 0; row < out_height; row++, out += out_width * channels) {
      const int from = row - top;
      if (from < 0 || from >= height) {
        fill_zero(out, out_width * channels);
        continue;
      }
      fill_zero(out, before * channels);
      copy(x + (from * width + skipped) * channels, out + before * channels, taken * channels);
      fill_zero(out + (before + taken) * channels, (room - taken) * channels);
    }
  }
}

/* Whether all of the values are finite. */
EXPORTED(int, all_finite)(const float *x, int count) {
  v128_t others = zeros();
  for (int i = 0; i < count; i += 4) {
    const v128_t value = load_some(x + i, count - i);
    /* Infinity and NaN less themselves are NaN. */
    others = wasm_v128_or(others, wasm_f32x4_ne(wasm_f32x4_sub(value, value), zeros()));
  }
  return !wasm_v128_any_true(others);
}

/* How many of the values are not zero. */
EXPORTED(int, count_values)(const float *x, int count) {
  v128_t counts = wasm_i32x4_const_splat(0);
  for (int i = 0; i < count; i += 4) {
    counts = wasm_i32x4_sub(counts, wasm_f32x4_ne(load_some(x + i, count - i), zeros()));
  }
  return wasm_i32x4_extract_lane(counts, 0) + wasm_i32x4_extract_lane(counts, 1) + wasm_i32x4_extract_lane(counts, 2) +
         wasm_i32x4_extract_lane(counts, 3);
}
