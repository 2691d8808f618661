/* The gradient of a convolution with respect to its filter; of a matrix product with respect to its second factor. */
#include "simd.h"

/* Positions whose patches and gradients stay in the first-level cache, of whose sets they take a part only. */
#define POSITIONS_AT_A_TIME 128

/* Adds sums to a row of the gradient. */
INLINE void add_to(float *row, v128_t sums[4], int columns) {
  UNROLL for (int i = 0; i < 4; i++) {
    if (columns > 4 * i) {
      const int count = columns - 4 * i;
      store_some(row + 4 * i, wasm_f32x4_add(load_some(row + 4 * i, count), sums[i]), count);
    }
  }
}

/*
 * Adds x^T dy to a gradient `dw`, for height x width positions of one image; see `convolve` for the steps.
 *
 * dy: panels `panel_size` apart, in which `panel_step` leads from one position to the next, `panel_row_step` to that below
 * dw: runs x run rows of `columns` values, `dw_row_size` from those of one row of the patch to those of the next
 */
EXPORT(add_filter_gradient)(const float *x, int row_size, int row_step, int column_step, int runs, int run,
                            const float *dy, int panel_size, int panel_step, int panel_row_step, int height, int width,
                            float *dw, int dw_row_size, int columns) {
  const int rows_at_a_time = width < POSITIONS_AT_A_TIME ? POSITIONS_AT_A_TIME / width : 1;
  const int across = width < POSITIONS_AT_A_TIME ? width : POSITIONS_AT_A_TIME;
  for (int top = 0; top < height; top += rows_at_a_time) {
    const int rows = height - top < rows_at_a_time ? height - top : rows_at_a_time;
    for (int left = 0; left < width; left += across) {
      const int cells = width - left < across ? width - left : across;
      const float *corner = x + top * row_step + left * column_step;
      const float *panel = dy + top * panel_row_step + left * panel_step;
      for (int channel = 0; channel < columns; channel += PANEL, panel += panel_size) {
        for (int down = 0; down < runs; down++) {
          float *target = dw + down * dw_row_size + channel;
          for (int k = 0; k < run; k += 2) {
            /* Without a second value of the patch, the first is computed twice and added once. */
            const int pair = k + 1 < run;
            const float *patch = corner + down * row_size + k, *b;
            v128_t sums[2][4];
            UNROLL for (int i = 0; i < 4; i++) sums[0][i] = sums[1][i] = zeros();
            ROLLED for (int row = 0; row < rows; row++) {
              const float *first = patch + row * row_step, *second = first + pair;
              b = panel + row * panel_row_step;
              ROLLED for (int cell = 0; cell < cells; cell++) {
                v128_t d[4];
                UNROLL for (int i = 0; i < 4; i++) d[i] = wasm_v128_load(b + 4 * i);
                const v128_t u = wasm_v128_load32_splat(first), v = wasm_v128_load32_splat(second);
                UNROLL for (int i = 0; i < 4; i++) {
                  sums[0][i] = multiply_add(u, d[i], sums[0][i]);
                  sums[1][i] = multiply_add(v, d[i], sums[1][i]);
                }
                first += column_step;
                second += column_step;
                b += panel_step;
              }
            }
            add_to(target, sums[0], columns - channel);
            if (pair) add_to(target + columns, sums[1], columns - channel);
            target += (1 + pair) * columns;
          }
        }
      }
    }
  }
}
