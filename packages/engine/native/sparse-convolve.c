/* Convolution of images that are mostly zeros. */
#include "sparse.h"

/* Positions that share a row of a panel while it is in the first-level cache. */
#define RUNS_AT_A_TIME 128

/*
 * Lists the values of rows of pixels that are not zero, in their order, each with the offset of its sixteen weights from
 * those of the first value of its row; NaN is not zero. Each pixel's list is filled up to an even number with a zero.
 *
 * starts: of rows x width + 1 pixels, the address of the first entry of each
 * entries: room for one a value, and one more a pixel with an odd number of channels
 */
EXPORT(list_values)(const float *x, int rows, int width, int channels, Entry **starts, Entry *entries) {
  for (int row = 0; row < rows; row++) {
    for (int column = 0; column < width; column++) {
      const int first = column * channels * PANEL * 4;
      Entry *start = entries;
      *starts++ = start;
      for (int channel = 0; channel < channels; channel++) {
        const float value = *x++;
        *entries = (Entry){first + channel * PANEL * 4, value};
        /* No branch: what is zero is written over. */
        entries += value != 0;
      }
      *entries = (Entry){first, 0};
      entries += (entries - start) & 1;
    }
  }
  *starts = entries;
}

/* What one position adds up over one row of its window. */
typedef struct {
  const Entry *from, *to;
  /* From the row of a panel to the weights of the first pixel of the images' row, in bytes. */
  int panel;
  float *out;
} Run;

/* Adds runs to what is there, or to zero, for the sixteen columns from `channel` on of which `columns` are wanted. */
INLINE void add_runs(const Run *runs, int count, const char *panel, int is_first, const float *bias, int relu,
                     int channel, int columns) {
  for (const Run *at = runs; at < runs + count; at++) {
    float *out = at->out + channel;
    v128_t sums[4];
    if (is_first) {
      UNROLL for (int i = 0; i < 4; i++) sums[i] = zeros();
    } else {
      load_sums(out, columns, sums);
    }
    add_entries(at->from, at->to, panel + at->panel, sums);
    store_sums(sums, bias, relu, out, columns);
  }
}

/*
 * See `convolve`, whose bits this gives where all weights are finite: sums are taken in the same order.
 *
 * starts: of the entries of images of image_height x image_width pixels, from the first pixel that the window sees
 * left: the column of that pixel
 * runs, run: rows and columns of the window, in pixels, as are the strides
 * work: room for RUNS_AT_A_TIME runs twice, and for as many counts as a row of a window has pairs of entries, and one more
 */
EXPORT(convolve_sparse)(Entry *const *starts, int images, int image_height, int image_width, int left, int stride_down,
                        int stride_across, int runs, int run, int channels, const float *b, int panel_size,
                        int panel_row_size, const float *bias, int relu, float *out, int height, int width,
                        int out_image_size, int out_row_step, int out_column_step, int columns, Run *work) {
  const int positions = images * height * width, longest = run * ((channels + 1) / 2);
  Run *found = work, *sorted = work + RUNS_AT_A_TIME;
  int *places = (int *)(work + 2 * RUNS_AT_A_TIME);
  int block_image = 0, block_row = 0, block_column = 0;
  for (int start = 0; start < positions; start += RUNS_AT_A_TIME) {
    const int count = positions - start < RUNS_AT_A_TIME ? positions - start : RUNS_AT_A_TIME;
    int image, row, column;
    for (int tap = 0; tap < runs; tap++) {
      /* In the order of their lengths: the processor guesses where a loop ends that is as long as the last one. */
      for (int i = 0; i <= longest; i++) places[i] = 0;
      image = block_image, row = block_row, column = block_column;
      for (int i = 0; i < count; i++) {
        const int across = column * stride_across;
        Entry *const *pixel = starts + (image * image_height + row * stride_down + tap) * image_width + across;
        found[i] = (Run){pixel[0], pixel[run], -(left + across) * channels * PANEL * 4,
                         out + image * out_image_size + row * out_row_step + column * out_column_step};
        places[(pixel[run] - pixel[0]) / 2]++;
        if (++column == width) {
          column = 0;
          if (++row == height) row = 0, image++;
        }
      }
      int place = 0;
      for (int i = 0; i <= longest; i++) {
        const int length = places[i];
        places[i] = place;
        place += length;
      }
      for (int i = 0; i < count; i++) sorted[places[(found[i].to - found[i].from) / 2]++] = found[i];
      const int is_last = tap + 1 == runs;
      for (int channel = 0; channel < columns; channel += PANEL) {
        const char *panel = (const char *)(b + channel / PANEL * panel_size + tap * panel_row_size);
        const float *added = is_last && bias ? bias + channel : 0;
        const int wanted = columns - channel;
        if (wanted >= PANEL && !is_last) {
          add_runs(sorted, count, panel, tap == 0, 0, 0, channel, PANEL);
        } else {
          add_runs(sorted, count, panel, tap == 0, added, is_last && relu, channel, wanted);
        }
      }
    }
    block_image = image, block_row = row, block_column = column;
  }
}
