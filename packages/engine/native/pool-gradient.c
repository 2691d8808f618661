/* The gradient of max pooling. */
#include "simd.h"

/*
 * Adds each value of dy to the first of the largest values of its window, row by row; to none where no value is above
 * minus infinity (all are NaN, say).
 */
EXPORT(add_max_pool_gradient)(const float *x, const float *dy, float *dx, int images, int height, int width,
                              int channels, int out_height, int out_width, int filter_height, int filter_width,
                              int stride_height, int stride_width, int top, int left) {
  for (int image = 0; image < images; image++, x += height * width * channels, dx += height * width * channels) {
    for (int row = 0; row < out_height; row++) {
      const int first_row = row * stride_height - top, end_row = first_row + filter_height;
      for (int column = 0; column < out_width; column++, dy += channels) {
        const int first_column = column * stride_width - left, end_column = first_column + filter_width;
        const int from_row = first_row > 0 ? first_row : 0, to_row = end_row < height ? end_row : height;
        const int from_column = first_column > 0 ? first_column : 0, to_column = end_column < width ? end_column : width;
        for (int channel = 0; channel < channels; channel += 4) {
          const int count = channels - channel;
          v128_t largest = wasm_f32x4_const_splat(-__builtin_inff()), place = wasm_i32x4_const_splat(-1);
          for (int i = from_row; i < to_row; i++) {
            for (int j = from_column; j < to_column; j++) {
              const int pixel = i * width + j;
              const v128_t value = load_some(x + pixel * channels + channel, count);
              const v128_t larger = wasm_f32x4_gt(value, largest);
              largest = wasm_v128_bitselect(value, largest, larger);
              place = wasm_v128_bitselect(wasm_i32x4_splat(pixel), place, larger);
            }
          }
          const v128_t gradient = load_some(dy + channel, count);
          for (int i = from_row; i < to_row; i++) {
            for (int j = from_column; j < to_column; j++) {
              const int pixel = i * width + j;
              float *target = dx + pixel * channels + channel;
              const v128_t here = wasm_v128_and(gradient, wasm_i32x4_eq(place, wasm_i32x4_splat(pixel)));
              store_some(target, wasm_f32x4_add(load_some(target, count), here), count);
            }
          }
        }
      }
    }
  }
}

/*
 * The same for windows of 2 x 2 that lie side by side and cover the images: each value of dx is written, none is read.
 * height, width: of dy, half of those of x
 */
EXPORT(max_pool_gradient_of_pairs)(const float *x, const float *dy, float *dx, int images, int height, int width,
                                   int channels) {
  const int below = 2 * width * channels;
  for (int row = 0; row < images * height; row++, x += below, dx += below) {
    for (int column = 0; column < width; column++, x += 2 * channels, dx += 2 * channels, dy += channels) {
      ROLLED for (int channel = 0; channel < channels; channel += 4) {
        const int offsets[4] = {channel, channel + channels, channel + below, channel + below + channels};
        const int count = channels - channel;
        v128_t largest = wasm_f32x4_const_splat(-__builtin_inff()), place = wasm_i32x4_const_splat(-1);
        UNROLL for (int i = 0; i < 4; i++) {
          const v128_t value = load_some(x + offsets[i], count);
          const v128_t larger = wasm_f32x4_gt(value, largest);
          largest = wasm_v128_bitselect(value, largest, larger);
          place = wasm_v128_bitselect(wasm_i32x4_splat(i), place, larger);
        }
        const v128_t gradient = load_some(dy + channel, count);
        UNROLL for (int i = 0; i < 4; i++) {
          store_some(dx + offsets[i], wasm_v128_and(gradient, wasm_i32x4_eq(place, wasm_i32x4_splat(i))), count);
        }
      }
    }
  }
}
