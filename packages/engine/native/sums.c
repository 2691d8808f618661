/* Sums over the rows of a matrix, as in the gradient of a bias. */
#include "simd.h"

/* Rows that are added up before they touch the sums. */
#define ROWS_AT_A_TIME 4

INLINE v128_t low(v128_t value) { return wasm_f64x2_promote_low_f32x4(value); }
INLINE v128_t high(v128_t value) {
  return wasm_f64x2_promote_low_f32x4(wasm_i32x4_shuffle(value, value, 2, 3, 2, 3));
}

/* Adds four sums to those that are there. */
INLINE void add_to(double *sums, v128_t first, v128_t second) {
  wasm_v128_store(sums, wasm_f64x2_add(wasm_v128_load(sums), first));
  wasm_v128_store(sums + 2, wasm_f64x2_add(wasm_v128_load(sums + 2), second));
}

/* Adds the rows of x, `[rows, columns]`, to `sums`, in float64; the sums are filled up to a multiple of four. */
EXPORT(add_rows)(const float *x, int rows, int columns, double *sums) {
  int row = 0;
  for (; row + ROWS_AT_A_TIME <= rows; row += ROWS_AT_A_TIME, x += ROWS_AT_A_TIME * columns) {
    ROLLED for (int column = 0; column < columns; column += 4) {
      v128_t value = load_some(x + column, columns - column), first = low(value), second = high(value);
      UNROLL for (int i = 1; i < ROWS_AT_A_TIME; i++) {
        value = load_some(x + i * columns + column, columns - column);
        first = wasm_f64x2_add(first, low(value));
        second = wasm_f64x2_add(second, high(value));
      }
      add_to(sums + column, first, second);
    }
  }
  for (; row < rows; row++, x += columns) {
    ROLLED for (int column = 0; column < columns; column += 4) {
      const v128_t value = load_some(x + column, columns - column);
      add_to(sums + column, low(value), high(value));
    }
  }
}
