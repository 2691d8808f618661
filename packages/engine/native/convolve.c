/* Convolution with a filter laid out in panels; a matrix product is one whose patches are rows. */
#include "simd.h"

/* Positions that share a panel while it is in the first-level cache. */
#define POSITIONS_AT_A_TIME 32

/* Values of a patch that are taken at a time, so that their part of a panel stays in that cache (24 KB). */
#define VALUES_AT_A_TIME 384

/*
 * Two positions by sixteen channels: eight sums, four values of the panel and two of the patches are what the sixteen
 * registers hold. V8 moves the loads of a step before its arithmetic, so that a larger tile, or two steps unrolled,
 * spills registers and takes twice the time.
 *
 * Each sum is taken in the order of the patch, from zero on, whatever the tile: an image's results do not depend on
 * what else is in the batch.
 */
INLINE void add_products(const float *first, const float *second, int runs, int run, int skip, const float *panel,
                         int panel_skip, v128_t sums[2][4]) {
  ROLLED for (int row = 0; row < runs; row++) {
    ROLLED for (int k = 0; k < run; k++) {
      v128_t b[4];
      UNROLL for (int i = 0; i < 4; i++) b[i] = wasm_v128_load(panel + 4 * i);
      const v128_t x = wasm_v128_load32_splat(first++), y = wasm_v128_load32_splat(second++);
      UNROLL for (int i = 0; i < 4; i++) {
        sums[0][i] = multiply_add(x, b[i], sums[0][i]);
        sums[1][i] = multiply_add(y, b[i], sums[1][i]);
      }
      panel += PANEL;
    }
    first += skip;
    second += skip;
    panel += panel_skip;
  }
}

/* A position: where its patch begins and where its results go. */
typedef struct {
  const float *patch;
  float *out;
  int row, column;
} Position;

/* The position after this one: to the right, below, or in the next image. */
INLINE Position next(Position at, int image_size, int row_step, int column_step, int height, int width,
                     int out_image_size, int out_row_step, int out_column_step) {
  at.patch += column_step;
  at.out += out_column_step;
  if (++at.column < width) return at;
  at.column = 0;
  at.patch += row_step - width * column_step;
  at.out += out_row_step - width * out_column_step;
  if (++at.row < height) return at;
  at.row = 0;
  at.patch += image_size - height * row_step;
  at.out += out_image_size - height * out_row_step;
  return at;
}

/*
 * Steps and sizes are counts of floats.
 *
 * x: images, each of whose rows holds `row_size` floats; a patch is `runs` rows of `run` consecutive floats
 * row_step, column_step: from one patch to that below it and to that right of it
 * b: panels `panel_size` apart, in which `panel_row_size` leads from one row of the patch to the next
 * bias: one value a column, or null
 * out: `columns` values at each of height x width positions of each image
 */
EXPORT(convolve)(const float *x, int images, int image_size, int row_size, int row_step, int column_step, int runs,
                 int run, const float *b, int panel_size, int panel_row_size, const float *bias, int relu, float *out,
                 int height, int width, int out_image_size, int out_row_step, int out_column_step, int columns) {
  const int positions = images * height * width;
  /* A part of a patch is some of its rows; of a patch with one row, some of its values. */
  const int rows_at_a_time = run > 0 && run < VALUES_AT_A_TIME ? VALUES_AT_A_TIME / run : 1;
  const int values_at_a_time = runs == 1 && run > VALUES_AT_A_TIME ? VALUES_AT_A_TIME : run;
  Position block = {x, out, 0, 0}, at = block;
  for (int start = 0; start < positions; start += POSITIONS_AT_A_TIME, block = at) {
    const int end = positions - start < POSITIONS_AT_A_TIME ? positions : start + POSITIONS_AT_A_TIME;
    for (int channel = 0; channel < columns; channel += PANEL) {
      const float *panel = b + channel / PANEL * panel_size;
      int down = 0, across = 0, is_last;
      do {
        const int rows = runs - down < rows_at_a_time ? runs - down : rows_at_a_time;
        const int values = run - across < values_at_a_time ? run - across : values_at_a_time;
        const int is_first = down == 0 && across == 0;
        is_last = down + rows >= runs && across + values >= run;
        const float *part = panel + down * panel_row_size + across * PANEL;
        const int offset = down * row_size + across;
        at = block;
        for (int position = start; position < end; position += 2) {
          Position pair[2];
          v128_t sums[2][4];
          UNROLL for (int i = 0; i < 2; i++) {
            /* Without a second position, the first is computed twice. */
            if (i == 0 || position + 1 < end) {
              pair[i] = at;
              at = next(at, image_size, row_step, column_step, height, width, out_image_size, out_row_step,
                        out_column_step);
            } else {
              pair[i] = pair[0];
            }
            if (is_first) {
              UNROLL for (int j = 0; j < 4; j++) sums[i][j] = zeros();
            } else {
              load_sums(pair[i].out + channel, columns - channel, sums[i]);
            }
          }
          add_products(pair[0].patch + offset, pair[1].patch + offset, rows, values, row_size - values, part,
                       panel_row_size - values * PANEL, sums);
          UNROLL for (int i = 0; i < 2; i++) {
            store_sums(sums[i], is_last && bias ? bias + channel : 0, is_last && relu, pair[i].out + channel,
                       columns - channel);
          }
        }
        if (across + values < run) {
          across += values;
        } else {
          across = 0;
          down += rows;
        }
      } while (!is_last);
    }
  }
}

/*
 * The same for so few output channels that a panel would be mostly empty: products are taken along the patch, four
 * values at a time, and the four sums added up at the end.
 *
 * b: for each column, `column_size` apart, the values of the patch, in which `b_row_size` leads from one row to the next
 */
EXPORT(convolve_few)(const float *x, int images, int image_size, int row_size, int row_step, int column_step, int runs,
                     int run, const float *b, int column_size, int b_row_size, const float *bias, int relu, float *out,
                     int height, int width, int out_image_size, int out_row_step, int out_column_step, int columns) {
  const int positions = images * height * width, skip = row_size - run;
  Position at = {x, out, 0, 0};
  for (int position = 0; position < positions; position += 4) {
    Position four[4];
    UNROLL for (int i = 0; i < 4; i++) {
      if (i == 0 || position + i < positions) {
        four[i] = at;
        at = next(at, image_size, row_step, column_step, height, width, out_image_size, out_row_step, out_column_step);
      } else {
        four[i] = four[i - 1];
      }
    }
    for (int channel = 0; channel < columns; channel++) {
      const float *a[4], *weights = b + channel * column_size;
      v128_t sums[4];
      UNROLL for (int i = 0; i < 4; i++) {
        a[i] = four[i].patch;
        sums[i] = zeros();
      }
      ROLLED for (int line = 0; line < runs; line++) {
        int k = run;
        ROLLED for (; k >= 4; k -= 4) {
          const v128_t weight = wasm_v128_load(weights);
          weights += 4;
          UNROLL for (int i = 0; i < 4; i++) {
            sums[i] = multiply_add(wasm_v128_load(a[i]), weight, sums[i]);
            a[i] += 4;
          }
        }
        if (k > 0) {
          const v128_t weight = load_some(weights, k);
          weights += k;
          UNROLL for (int i = 0; i < 4; i++) {
            sums[i] = multiply_add(load_some(a[i], k), weight, sums[i]);
            a[i] += k;
          }
        }
        weights += b_row_size - run;
        UNROLL for (int i = 0; i < 4; i++) a[i] += skip;
      }
      UNROLL for (int i = 0; i < 4; i++) {
        const v128_t halves = wasm_f32x4_add(sums[i], wasm_i32x4_shuffle(sums[i], sums[i], 2, 3, 0, 1));
        v128_t total = wasm_f32x4_add(halves, wasm_i32x4_shuffle(halves, halves, 1, 0, 3, 2));
        if (bias) total = wasm_f32x4_add(total, wasm_v128_load32_zero(bias + channel));
        if (relu) total = wasm_f32x4_pmax(total, zeros());
        wasm_v128_store32_lane(four[i].out + channel, total, 0);
      }
    }
  }
}
