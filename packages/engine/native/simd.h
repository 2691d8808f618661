/* What all kernels are written with: four float32 at a time, and loops that unroll completely. */
#pragma once

#include <wasm_simd128.h>

#define EXPORTED(type, name) __attribute__((export_name(#name))) type name
#define EXPORT(name) EXPORTED(void, name)
#define INLINE static inline __attribute__((always_inline))
#define UNROLL _Pragma("clang loop unroll(full)")
#define ROLLED _Pragma("clang loop unroll(disable)")

/* Output channels that are computed together. */
#define PANEL 16

INLINE v128_t zeros(void) { return wasm_f32x4_const_splat(0); }

/* a * b + c, each operation rounded. */
INLINE v128_t multiply_add(v128_t a, v128_t b, v128_t c) { return wasm_f32x4_add(wasm_f32x4_mul(a, b), c); }

/* The first `count` of four values, of which at least one is wanted; nothing beyond them is read. */
INLINE v128_t load_some(const float *from, int count) {
  if (count >= 4) return wasm_v128_load(from);
  v128_t value = wasm_v128_load32_zero(from);
  if (count > 1) value = wasm_v128_load32_lane(from + 1, value, 1);
  if (count > 2) value = wasm_v128_load32_lane(from + 2, value, 2);
  return value;
}

/* Stores the first `count` of four values, which may be none. */
INLINE void store_some(float *to, v128_t value, int count) {
  if (count >= 4) {
    wasm_v128_store(to, value);
    return;
  }
  if (count > 0) wasm_v128_store32_lane(to, value, 0);
  if (count > 1) wasm_v128_store32_lane(to + 1, value, 1);
  if (count > 2) wasm_v128_store32_lane(to + 2, value, 2);
}

/* The sums of sixteen columns so far, of which the first `columns` are wanted. */
INLINE void load_sums(const float *out, int columns, v128_t sums[4]) {
  UNROLL for (int i = 0; i < 4; i++) {
    sums[i] = columns > 4 * i ? load_some(out + 4 * i, columns - 4 * i) : zeros();
  }
}

/* Stores such sums, with what is done to a result at its end. */
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
