/* Values that are mostly zeros, of which no product is taken. */
#pragma once

#include "simd.h"

/* A value that is not zero, and how far, in bytes, what it is multiplied with lies from a place that its list shares. */
typedef struct {
  int offset;
  float value;
} Entry;

/* Adds each value of a list times the sixteen numbers that belong to it, in order, to sums. */
INLINE void add_entries(const Entry *from, const Entry *to, const char *place, v128_t sums[4]) {
  ROLLED for (; from + 1 < to; from += 2) {
    const char *first = place + from[0].offset, *second = place + from[1].offset;
    v128_t a[4], b[4];
    UNROLL for (int i = 0; i < 4; i++) a[i] = wasm_v128_load(first + 16 * i);
    UNROLL for (int i = 0; i < 4; i++) b[i] = wasm_v128_load(second + 16 * i);
    const v128_t x = wasm_v128_load32_splat(&from[0].value), y = wasm_v128_load32_splat(&from[1].value);
    UNROLL for (int i = 0; i < 4; i++) sums[i] = multiply_add(x, a[i], sums[i]);
    UNROLL for (int i = 0; i < 4; i++) sums[i] = multiply_add(y, b[i], sums[i]);
  }
  if (from < to) {
    const char *last = place + from->offset;
    const v128_t x = wasm_v128_load32_splat(&from->value);
    UNROLL for (int i = 0; i < 4; i++) sums[i] = multiply_add(x, wasm_v128_load(last + 16 * i), sums[i]);
  }
}
