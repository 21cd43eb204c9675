// STaR-KV's prior, stability and score, after Numbers.cu.
// H query heads, G key/value heads, n = H / G, W window queries, L tokens, P = L - W past tokens, d head dimension. Queries, keys, values and
// inputs are bfloat16 with contiguous last dimensions; the other strides are given in elements. Needs compute capability 8.0.

#define RANK_BINS 16
#define CELL_BINS 144

// The rank bin of each of the last screenshot's tokens [start, start + count) of groups [G, P] among its group's, by counting: [G, count]. Shares of
// the group's sum are ranked, negative ones as 0, equal ones by position. grid (ceil(count / 256), G), 256 threads; shared: count floats.
extern "C" __global__ void __launch_bounds__(256) star_ranks(const float* groups, int past, int start, int count, int* bins) {
    extern __shared__ float shares[];
    const float* scores = groups + (i64)blockIdx.y * past + start;
    float sum = 0;
    for (int i = threadIdx.x; i < count; i += 256) sum += shares[i] = fmaxf(scores[i], 0);
    sum = fmaxf(block_sum(sum), 1e-12f);
    for (int i = threadIdx.x; i < count; i += 256) shares[i] /= sum;
    __syncthreads();
    const int token = blockIdx.x * 256 + threadIdx.x;
    if (token >= count) return;
    const float mine = shares[token];
    int rank = 0;
#pragma unroll 8
    for (int i = 0; i < count; i++) rank += shares[i] < mine || (shares[i] == mine && i < token);
    bins[(i64)blockIdx.y * count + token] = (i64)rank * RANK_BINS / count;
}

// For each group, on the same tokens: its mutual information with the place on the screen, as a moving average, and how stable its pattern is.
// A null information or pattern skips that part. One block a group, 1,024 threads.
extern "C" __global__ void __launch_bounds__(1024) star_groups(
    const float* groups, int past, int start, int count, const int* bins, const i64* cells,
    double* information, int information_fresh, double information_decay, float* pattern, int pattern_fresh, float pattern_decay, float* stability) {
    __shared__ int joint[RANK_BINS * CELL_BINS], in_rank[RANK_BINS], in_cell[CELL_BINS];
    const int group = blockIdx.x;
    const float* scores = groups + (i64)group * past + start;
    if (information) {
        for (int i = threadIdx.x; i < RANK_BINS * CELL_BINS; i += 1024) joint[i] = 0;
        if (threadIdx.x < RANK_BINS) in_rank[threadIdx.x] = 0;
        if (threadIdx.x < CELL_BINS) in_cell[threadIdx.x] = 0;
        __syncthreads();
        for (int i = threadIdx.x; i < count; i += 1024) {
            const int bin = bins[(i64)group * count + i], cell = (int)cells[i];
            atomicAdd(&joint[bin * CELL_BINS + cell], 1);
            atomicAdd(&in_rank[bin], 1);
            atomicAdd(&in_cell[cell], 1);
        }

        __syncthreads();
        double mutual = 0;
        for (int i = threadIdx.x; i < RANK_BINS * CELL_BINS; i += 1024) {
            if (joint[i] > 0) {
                const double p = (double)joint[i] / count;
                mutual += p * log(p / ((double)in_rank[i / CELL_BINS] / count * ((double)in_cell[i % CELL_BINS] / count)));
            }
        }

        mutual = block_sum(mutual);
        if (threadIdx.x == 0)
            information[group] = information_fresh ? mutual : information[group] * information_decay + mutual * (1 - information_decay);
    }

    if (pattern) {
        float sum = 0, dot = 0, now = 0, known = 0;
        for (int i = threadIdx.x; i < count; i += 1024) sum += scores[i];
        sum = fmaxf(block_sum(sum), 1e-12f);
        for (int i = threadIdx.x; i < count; i += 1024) {
            float& remembered = pattern[(i64)group * count + i];
            const float value = scores[i] / sum;
            const float next = pattern_fresh ? value : remembered * pattern_decay + value * (1 - pattern_decay);
            remembered = next;
            dot += value * next;
            now += value * value;
            known += next * next;
        }

        dot = block_sum(dot);
        now = sqrtf(block_sum(now));
        known = sqrtf(block_sum(known));
        if (threadIdx.x == 0) stability[group] = fminf(fmaxf(dot / (fmaxf(now, 1e-8f) * fmaxf(known, 1e-8f)), 0), 1);
    }
}

// The score [P] of groups [G, P], G up to 64: the mean over the groups, times the prior of the leading group's information, times the discount
// of the token's age, to the power 1 / T. A null information gives equal weights, a null stability no discount, a null temperature no power;
// temperature [1] is replaced. One block of 1,024 threads.
extern "C" __global__ void __launch_bounds__(1024) star_score(
    const float* groups, int group_count, int past, const double* information, float lambda, float prior_temperature,
    const float* stability, const float* age, float delta, float stability_floor, float discount_floor,
    float* temperature, int temperature_fresh, float temperature_decay, float coolest, float hottest, float* score) {
    __shared__ float prior[64], exponent;
    if (threadIdx.x == 0) {
        double least = 0, range = 0;
        float sum = 0;
        if (information) {
            least = information[0];
            for (int g = 0; g < group_count; g++) least = fmin(least, information[g]);
            for (int g = 0; g < group_count; g++) range = fmax(range, information[g] - least);
        }

        // Below this the groups differ by rounding alone: with few tokens a cell, all have the same information.
        for (int g = 0; g < group_count; g++) sum += prior[g] = expf((float)(range > 1e-9 ? (information[g] - least) / range : 0.5) / prior_temperature);
        for (int g = 0; g < group_count; g++) prior[g] = 1 - lambda + lambda * group_count * prior[g] / sum;
    }

    float sum = 0;
#pragma unroll 4
    for (int t = threadIdx.x; t < past; t += 1024) {
        float mean = 0;
        for (int g = 0; g < group_count; g++) mean += groups[(i64)g * past + t];
        score[t] = mean /= group_count;
        sum += mean;
    }

    sum = fmaxf(block_sum(sum), 1e-12f);
    if (temperature) {
        float entropy = 0;
#pragma unroll 4
        for (int t = threadIdx.x; t < past; t += 1024) entropy -= score[t] / sum * logf(score[t] / sum + 1e-8f);
        entropy = fminf(fmaxf(block_sum(entropy) / fmaxf(logf(past), 1e-12f), 0), 1);
        if (threadIdx.x == 0) {
            float now = coolest + (hottest - coolest) * entropy;
            if (!temperature_fresh) now = temperature[0] * temperature_decay + now * (1 - temperature_decay);
            temperature[0] = now;
            exponent = 1 / now;
        }
    }

    __syncthreads();
#pragma unroll 4
    for (int t = threadIdx.x; t < past; t += 1024) {
        int leader = 0;
        float most = groups[t];
        for (int g = 1; g < group_count; g++) {
            const float value = groups[(i64)g * past + t];
            if (value > most) {
                most = value;
                leader = g;
            }
        }

        float value = score[t] * prior[leader];
        if (stability) {
            const float influence = stability_floor + (1 - stability_floor) * stability[leader];
            value *= discount_floor + (1 - discount_floor) * expf(-delta * age[t] * influence);
        }

        score[t] = temperature ? powf(fmaxf(value, 0), exponent) : value;
    }
}
