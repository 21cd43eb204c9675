// The copy of the rows that stay, after Numbers.cu.

// Copies rows of keys and values into buffers of room rows a head, 16 bytes a thread; copies heads of the output share a head of the input.
// rows is [1, count] or one list a head of the output. grid (ceil(count * dim / 8 / 256), heads of the output), 256 threads.
extern "C" __global__ void __launch_bounds__(256) gather_rows(
    const bf16* keys, i64 key_head, i64 key_row, const bf16* values, i64 value_head, i64 value_row, const i64* rows, i64 rows_head,
    int count, int dim, int copies, bf16* keys_out, bf16* values_out, i64 out_head) {
    const int item = blockIdx.x * 256 + threadIdx.x, chunks = dim / 8, row = item / chunks, at = item % chunks * 8;
    if (row >= count) return;
    const i64 from = rows[blockIdx.y * rows_head + row], to = blockIdx.y * out_head + (i64)row * dim + at;
    const int head = blockIdx.y / copies;
    *(uint4*)(keys_out + to) = *(const uint4*)(keys + head * key_head + from * key_row + at);
    *(uint4*)(values_out + to) = *(const uint4*)(values + head * value_head + from * value_row + at);
}
