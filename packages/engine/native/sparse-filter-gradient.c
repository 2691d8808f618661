/* The gradient of a convolution with respect to its filter, from a gradient of its results that is mostly zeros. */
#include "sparse.h"

/* Positions whose sum is taken apart, as in `add_filter_gradient`. */
#define POSITIONS_AT_A_TIME 128

/*
 * Lists, for each column of dy, the values that are not zero, position by position; NaN is not zero.
 *
 * dy: `columns` values at each of height x width positions, dy_row_step from those of one row to the next
 * x_row_step, x_column_step: from the patch of one position to that below it and to that right of it, in floats
 * starts: of each column in each of the rows, the address of the first entry, and behind the last row that of the end
 * entries: room for height x width a column
 */
EXPORT(list_columns)(const float *dy, int dy_row_step, int height, int width, int columns, int x_row_step,
                     int x_column_step, Entry **starts, Entry *entries) {
  for (int column = 0; column < columns; column++) starts[column] = entries + column * height * width;
  for (int row = 0; row < height; row++, dy += dy_row_step) {
    Entry **ends = starts + columns;
    for (int column = 0; column < columns; column++) ends[column] = starts[column];
    const float *value = dy;
    for (int cell = 0; cell < width; cell++) {
      const int offset = (row * x_row_step + cell * x_column_step) * 4;
      for (int column = 0; column < columns; column++) {
        Entry *entry = ends[column];
        /* No branch: what is zero is written over. */
        *entry = (Entry){offset, *value};
        ends[column] = entry + (*value++ != 0);
      }
    }
    starts = ends;
  }
}

/*
 * See `add_filter_gradient`, whose bits this gives where x is finite: sums are taken in the same order.
 *
 * x: from the first patch; `run` is a multiple of 16
 * starts: as listed for these rows, of which it takes `height` from `top` on
 * dw: for each column, `dw_size` apart, the values of a patch, `dw_row_size` from one of its rows to the next
 */
EXPORT(add_sparse_filter_gradient)(const float *x, int row_size, int runs, int run, Entry *const *starts, int top,
                                   int height, int width, float *dw, int dw_size, int dw_row_size, int columns) {
  const int rows_at_a_time = width < POSITIONS_AT_A_TIME ? POSITIONS_AT_A_TIME / width : 1;
  const int bottom = top + height;
  for (int row = top; row < bottom; row += rows_at_a_time) {
    const int end = row + rows_at_a_time < bottom ? row + rows_at_a_time : bottom;
    for (int column = 0; column < columns; column++) {
      const Entry *from = starts[row * columns + column], *to = starts[end * columns + column];
      if (from == to) continue;
      for (int down = 0; down < runs; down++) {
        float *target = dw + column * dw_size + down * dw_row_size;
        const float *patch = x + down * row_size;
        for (int k = 0; k < run; k += PANEL, target += PANEL) {
          v128_t sums[4];
          UNROLL for (int i = 0; i < 4; i++) sums[i] = zeros();
          add_entries(from, to, (const char *)(patch + k), sums);
          UNROLL for (int i = 0; i < 4; i++) {
            wasm_v128_store(target + 4 * i, wasm_f32x4_add(wasm_v128_load(target + 4 * i), sums[i]));
          }
        }
      }
    }
  }
}
