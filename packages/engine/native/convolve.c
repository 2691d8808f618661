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
                 int panel_step, v128_t sums[2][4]) {
  ROLLED for (int row = 0; row < runs; row++) {
    ROLLED for (int k = 0; k < run; k++) {
      v128_t b[4];
      UNROLL for (int i = 0; i < 4; i++) b[i] = wasm_v128_load(panel + 4 * i);
      const v128_t x = wasm_v128_load32_splat(first++), y = wasm_v128_load32_splat(second++);
      UNROLL for (int i = 0; i < 4; i++) {
        sums[0][i] = multiply_add(x, b[i], sums[0][i]);
        sums[1][i] = multiply_add(y, b[i], sums[1][i]);
      }
      panel += panel_step;
    }
    first += skip;
    second += skip;
  }
}

INLINE void load_sums(const float *out, int columns, v128_t sums[4]) {
  UNROLL for (int i = 0; i < 4; i++) {
    sums[i] = columns > 4 * i ? load_some(out + 4 * i, columns - 4 * i) : zeros();
  }
}

INLINE void store_sums(v128_t sums[4], const float *bias, int relu, float *out, int columns) {
  UNROLL for (int i = 0; i < 4; i++) {
    if (columns > 4 * i) {
      v128_t value = sums[i];
      if (bias) value = wasm_f32x4_add(value, load_some(bias + 4 * i, columns - 4 * i));
      /* Not max: of NaN and zero, this one gives NaN, and in one instruction. */
      if (relu) value = wasm_f32x4_pmax(value, zeros());
      store_some(out + 4 * i, value, columns - 4 * i);
    }
  }
}

/*
 * Steps and sizes are counts of floats.
 *
 * x: images, each of whose rows holds `row_size` floats; a patch is `runs` rows of `run` consecutive floats
 * row_step, column_step: from one patch to that below it and to that right of it
 * b: panels `panel_size` apart, in which `panel_step` leads from one value of the patch to the next
 * bias: one value a column, or null
 * out: `columns` values at each of height x width positions of each image
 */
EXPORT(convolve)(const float *x, int images, int image_size, int row_size, int row_step, int column_step, int runs,
                 int run, const float *b, int panel_size, int panel_step, const float *bias, int relu, float *out,
                 int height, int width, int out_image_size, int out_row_step, int out_column_step, int columns) {
  const int positions = height * width;
  /* A part of a patch is some of its rows; of a patch with one row, some of its values. */
  const int rows_at_a_time = run > 0 && run < VALUES_AT_A_TIME ? VALUES_AT_A_TIME / run : 1;
  const int values_at_a_time = runs == 1 && run > VALUES_AT_A_TIME ? VALUES_AT_A_TIME : run;
  for (int image = 0; image < images; image++, x += image_size, out += out_image_size) {
    int block_row = 0, block_column = 0;
    for (int start = 0; start < positions; start += POSITIONS_AT_A_TIME) {
      const int end = positions - start < POSITIONS_AT_A_TIME ? positions : start + POSITIONS_AT_A_TIME;
      int row = 0, column = 0;
      for (int channel = 0; channel < columns; channel += PANEL) {
        const float *panel = b + channel / PANEL * panel_size;
        for (int down = 0; down < runs; down += rows_at_a_time) {
          const int rows = runs - down < rows_at_a_time ? runs - down : rows_at_a_time;
          for (int across = 0; across < run; across += values_at_a_time) {
            const int values = run - across < values_at_a_time ? run - across : values_at_a_time;
            const int is_first = down == 0 && across == 0;
            const int is_last = down + rows == runs && across + values == run;
            const float *part = x + down * row_size + across;
            row = block_row;
            column = block_column;
            for (int position = start; position < end; position += 2) {
              const float *patches[2];
              float *targets[2];
              v128_t sums[2][4];
              UNROLL for (int i = 0; i < 2; i++) {
                /* Without a second position, the first is computed twice. */
                if (i == 0 || position + 1 < end) {
                  patches[i] = part + row * row_step + column * column_step;
                  targets[i] = out + row * out_row_step + column * out_column_step + channel;
                  if (++column == width) {
                    column = 0;
                    row++;
                  }
                } else {
                  patches[1] = patches[0];
                  targets[1] = targets[0];
                }
                if (is_first) {
                  UNROLL for (int j = 0; j < 4; j++) sums[i][j] = zeros();
                } else {
                  load_sums(targets[i], columns - channel, sums[i]);
                }
              }
              add_products(patches[0], patches[1], rows, values, row_size - values, panel, panel_step, sums);
              UNROLL for (int i = 0; i < 2; i++) {
                store_sums(sums[i], is_last && bias ? bias + channel : 0, is_last && relu, targets[i],
                           columns - channel);
              }
            }
            panel += rows * values * panel_step;
          }
        }
      }
      block_row = row;
      block_column = column;
    }
  }
}

/*
 * The same for so few output channels that a panel would be mostly empty: products are taken along the patch, four
 * values at a time, and the four sums added up at the end.
 *
 * b: for each column the values of the patch, one after the other
 */
EXPORT(convolve_few)(const float *x, int images, int image_size, int row_size, int row_step, int column_step, int runs,
                     int run, const float *b, const float *bias, int relu, float *out, int height, int width,
                     int out_image_size, int out_row_step, int out_column_step, int columns) {
  const int positions = height * width, skip = row_size - run;
  for (int image = 0; image < images; image++, x += image_size, out += out_image_size) {
    int row = 0, column = 0;
    for (int position = 0; position < positions; position += 4) {
      const float *patches[4];
      float *targets[4];
      UNROLL for (int i = 0; i < 4; i++) {
        if (i == 0 || position + i < positions) {
          patches[i] = x + row * row_step + column * column_step;
          targets[i] = out + row * out_row_step + column * out_column_step;
          if (++column == width) {
            column = 0;
            row++;
          }
        } else {
          patches[i] = patches[i - 1];
          targets[i] = targets[i - 1];
        }
      }
      const float *weights = b;
      for (int channel = 0; channel < columns; channel++) {
        const float *a[4];
        v128_t sums[4];
        UNROLL for (int i = 0; i < 4; i++) {
          a[i] = patches[i];
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
          UNROLL for (int i = 0; i < 4; i++) a[i] += skip;
        }
        UNROLL for (int i = 0; i < 4; i++) {
          const v128_t halves = wasm_f32x4_add(sums[i], wasm_i32x4_shuffle(sums[i], sums[i], 2, 3, 0, 1));
          v128_t total = wasm_f32x4_add(halves, wasm_i32x4_shuffle(halves, halves, 1, 0, 3, 2));
          if (bias) total = wasm_f32x4_add(total, wasm_v128_load32_zero(bias + channel));
          if (relu) total = wasm_f32x4_pmax(total, zeros());
          wasm_v128_store32_lane(targets[i] + channel, total, 0);
        }
      }
    }
  }
}
