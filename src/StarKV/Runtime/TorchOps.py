# TorchScript: the few operations that are written once for every model, compiled when the engine starts.
# It reaches what TorchSharp lacks (rms_norm, grouped-query attention), and one call per layer costs less than twenty.
# B batch, L tokens, T keys, H query heads, G key/value heads, d head dimension, D hidden size.


def rms_norm(x: Tensor, weight: Tensor, eps: float) -> Tensor:
    return torch.rms_norm(x, [x.size(-1)], weight, eps)


def linear(x: Tensor, weight: Tensor, bias: Tensor) -> Tensor:
    # TorchSharp's own adds the bias to more than two dimensions in a pass of its own.
    return torch.linear(x, weight, bias)


def rotate(x: Tensor, cos: Tensor, signed_sin: Tensor) -> Tensor:
    # The halves change places; the table's sine is negative in its first half, which saves a pass over x.
    first, second = x.chunk(2, -1)
    return torch.addcmul(x * cos, torch.cat((second, first), -1), signed_sin)


def attend(q: Tensor, k: Tensor, v: Tensor, causal: bool) -> Tensor:
    # [B, H, L, d], [B, G, T, d] twice -> [B, H, L, d]; causal: the last query sees all keys, the one before it all but the last, and so on.
    if q.is_cuda and q.element_size() == 2:
        # By name: the default choice may be cuDNN, which builds a plan for every new length.
        return torch._scaled_dot_product_flash_attention(q, k, v, 0.0, causal, False)[0]
    if causal and q.size(2) < k.size(2):
        # Without a mask the first query would see the first key alone; the flash kernel above counts from the end.
        seen = torch.ones([q.size(2), k.size(2)], device=q.device).tril(k.size(2) - q.size(2)).gt(0)
        return torch.scaled_dot_product_attention(q, k, v, seen, 0.0, False, enable_gqa=True)
    return torch.scaled_dot_product_attention(q, k, v, None, 0.0, causal, enable_gqa=True)


def gate(gate_up: Tensor) -> Tensor:
    gate, up = gate_up.chunk(2, -1)
    return torch.silu(gate) * up


def gate_gradient(gate_up: Tensor, gradient: Tensor) -> Tensor:
    # What changes the gate and the up, given what changes their gated product.
    gate, up = gate_up.float().chunk(2, -1)
    g, s = gradient.float(), torch.sigmoid(gate)
    return torch.cat((g * up * s * (1.0 + gate * (1.0 - s)), g * gate * s), -1).to(gate_up.dtype)


def add_norm(x: Tensor, y: Tensor, weight: Tensor, eps: float) -> Tensor:
    return rms_norm(x.add_(y), weight, eps)


def rotate_in_place(x: Tensor, cos: Tensor, signed_sin: Tensor) -> Tensor:
    if x.dtype != cos.dtype:
        return x.copy_(rotate(x, cos, signed_sin))
    first, second = x.chunk(2, -1)
    swapped = torch.cat((second, first), -1)
    return x.mul_(cos).addcmul_(swapped, signed_sin)


def decoder_project(x: Tensor, norm: Tensor, qkv: Tensor, qkv_bias: Tensor, heads: int, rows: int, eps: float) -> Tuple[Tensor, Tensor]:
    # x [L, D] -> all heads before their rotation [rows, heads, d], of which those behind the first L are zero, and the attention's input [L, D];
    # an empty bias adds nothing
    normed = rms_norm(x, norm, eps)
    length = x.size(0)
    biased = qkv_bias.numel() > 0
    if rows == length:
        projected = torch.linear(normed, qkv, qkv_bias) if biased else torch.linear(normed, qkv)
        return projected.view(length, heads, -1), normed
    all = normed.new_empty([rows, qkv.size(0)])
    if biased:
        torch.addmm(qkv_bias, normed, qkv.t(), out=all.narrow(0, 0, length))
    else:
        torch.mm(normed, qkv.t(), out=all.narrow(0, 0, length))
    all.narrow(0, length, rows - length).zero_()
    return all.view(rows, heads, -1), normed


def norm_heads(x: Tensor, query: Tensor, key: Tensor, heads: int, eps: float) -> Tensor:
    # x [L, H + G, d]: each of the H query heads and of the G key heads after them through its norm, written over x
    q, k = x.narrow(1, 0, heads), x.narrow(1, heads, x.size(1) - heads)
    q.copy_(rms_norm(q, query, eps))
    k.copy_(rms_norm(k, key, eps))
    return x


def decoder_attend(q: Tensor, k: Tensor, v: Tensor) -> Tensor:
    # causal attention of the last tokens of a sequence, or of all of them, over the whole sequence -> [queries, H * d]
    return attend(q.unsqueeze(0), k.unsqueeze(0), v.unsqueeze(0), q.size(1) > 1).squeeze(0).transpose(0, 1).flatten(1)


def decoder_attend_planned(all: Tensor, heads: int, kv_heads: int, length: int) -> Tensor:
    # The same for a whole sequence by cuDNN: all heads [rows, heads + 2 * kv_heads, d], of which no token sees those behind the first `length`.
    q, k, v = all.transpose(0, 1).unsqueeze(0).split([heads, kv_heads, kv_heads], 1)
    out = torch._scaled_dot_product_cudnn_attention(q, k, v, None, False, 0.0, True, False)[0]
    return out.squeeze(0).transpose(0, 1).narrow(0, 0, length).flatten(1)


def attend_part(q: Tensor, k: Tensor, v: Tensor, causal: bool, planned: bool) -> Tuple[Tensor, Tensor]:
    # Queries [H, R, d] over a part of the keys [S, T, d]: what they take from its values [R, H, d], and the logarithms of their sums of
    # exponentials [H, R], float32. Causal as in `attend`; planned: by cuDNN, which sees every key.
    if planned:
        by_plan = torch._scaled_dot_product_cudnn_attention(q.unsqueeze(0), k.unsqueeze(0), v.unsqueeze(0), None, True, 0.0, False, False)
        return by_plan[0].squeeze(0).transpose(0, 1), by_plan[1].reshape(q.size(0), q.size(1))
    if q.is_cuda and q.element_size() == 2:
        flash = torch._scaled_dot_product_flash_attention(q.unsqueeze(0), k.unsqueeze(0), v.unsqueeze(0), 0.0, causal, False)
        return flash[0].squeeze(0).transpose(0, 1), flash[1].squeeze(0)
    logits = torch.matmul(q.float(), k.float().repeat_interleave(q.size(0) // k.size(0), 0).transpose(1, 2)) * (float(q.size(-1)) ** -0.5)
    if causal:
        seen = torch.ones([q.size(1), k.size(1)], device=q.device).tril(k.size(1) - q.size(1)).gt(0)
        logits = logits.masked_fill(~seen, float("-inf"))
    taken = torch.matmul(torch.softmax(logits, -1), v.float().repeat_interleave(q.size(0) // v.size(0), 0))
    return taken.to(v.dtype).transpose(0, 1), torch.logsumexp(logits, -1)


def decoder_gate_up(x: Tensor, attended: Tensor, out: Tensor, norm: Tensor, gate_up: Tensor, eps: float) -> Tensor:
    # adds the attention's output to x [L, D]; the MLP's gate and up side by side
    return torch.linear(rms_norm(x.addmm_(attended, out.t()), norm, eps), gate_up)


def decoder_down(x: Tensor, gated: Tensor, down: Tensor) -> Tensor:
    return x.addmm_(gated, down.t())


def cache_attend(q: Tensor, k: Tensor, v: Tensor, token: int, keys: Tensor, values: Tensor, length: int) -> Tensor:
    # One of B tokens, q [H, B, d], k and v [G, B, d]: writes row `length` of its cache and attends to rows 0..length -> [1, H * d]
    # The cache stores S heads: the G key/value heads, or a copy for every query head where a method keeps tokens head by head.
    q, k, v = q.narrow(1, token, 1), k.narrow(1, token, 1), v.narrow(1, token, 1)
    stored = keys.size(0)
    if stored != k.size(0):
        k, v = k.repeat_interleave(stored // k.size(0), 0), v.repeat_interleave(stored // v.size(0), 0)
    keys.narrow(1, length, 1).copy_(k)
    values.narrow(1, length, 1).copy_(v)
    # The heads of a group become the group's queries, so that no key is repeated: all of them may see every row.
    grouped = q.reshape(1, stored, q.size(0) // stored, q.size(-1))
    return attend(grouped, keys.narrow(1, 0, length + 1).unsqueeze(0), values.narrow(1, 0, length + 1).unsqueeze(0), False).reshape(1, -1)


def decoder_step(x: Tensor, norm1: Tensor, qkv: Tensor, qkv_bias: Tensor, out: Tensor, norm2: Tensor, gate_up: Tensor, down: Tensor,
                 cos: Tensor, sin: Tensor, keys: Tensor, values: Tensor, length: int, queries: Tensor, heads: int, kv_heads: int, eps: float,
                 query_norm: Tensor, key_norm: Tensor) -> Tensor:
    # One token through one layer, written over x [1, D]; writes row `length` of keys and values [S, capacity, d] and attends to rows 0..length.
    # Empty norms of the heads are none.
    all, _ = decoder_project(x, norm1, qkv, qkv_bias, heads + 2 * kv_heads, 1, eps)
    if query_norm.numel() > 0:
        norm_heads(all.narrow(1, 0, heads + kv_heads), query_norm, key_norm, heads, eps)
    rotated, v = all.transpose(0, 1).split([heads + kv_heads, kv_heads])
    q, k = rotate(rotated, cos, sin).split([heads, kv_heads])
    # queries [H, W, d] remembers the last W of them; an empty one remembers nothing.
    if queries.numel() > 0:
        queries.copy_(torch.cat((queries.narrow(1, 1, queries.size(1) - 1), q), 1))
    attended = cache_attend(q, k, v, 0, keys, values, length)
    return decoder_down(x, gate(decoder_gate_up(x, attended, out, norm2, gate_up, eps)), down)


def vision_attend(heads: Tensor, groups: Tensor) -> Tensor:
    # [B, N, 3, H, d] in window order -> [B, N, H * d]. Row i of groups (on the CPU) is (first row, windows, rows a window): one call each.
    q, k, v = heads.unbind(2)
    parts: List[Tensor] = []
    for i in range(groups.size(0)):
        start, windows, rows = int(groups[i][0]), int(groups[i][1]), int(groups[i][2])
        shape = [q.size(0) * windows, rows, q.size(2), q.size(3)]
        part = attend(q.narrow(1, start, windows * rows).reshape(shape).transpose(1, 2),
                      k.narrow(1, start, windows * rows).reshape(shape).transpose(1, 2),
                      v.narrow(1, start, windows * rows).reshape(shape).transpose(1, 2), False)
        parts.append(part.transpose(1, 2).reshape(q.size(0), windows * rows, -1))
    return parts[0] if len(parts) == 1 else torch.cat(parts, 1)


def vision_attend_runs(heads: Tensor, bounds: Tensor, longest: int) -> Tensor:
    # The same by one flash call: run i of all B * N rows is [bounds[i], bounds[i + 1]).
    q, k, v = heads.flatten(0, 1).unbind(1)
    return torch._flash_attention_forward(q, k, v, bounds, bounds, longest, longest, 0.0, False, False)[0].view(heads.size(0), heads.size(1), -1)


def vision_attend_planned(heads: Tensor) -> Tensor:
    # Whole screenshots by cuDNN.
    q, k, v = heads.transpose(1, 3).unbind(2)
    return torch._scaled_dot_product_cudnn_attention(q, k, v, None, False, 0.0, False, False)[0].transpose(1, 2).flatten(2)


def vision_mlp(normed: Tensor, first: Tensor, first_bias: Tensor, second: Tensor, second_bias: Tensor) -> Tensor:
    # Two layers with the tanh form of GELU between them, written over the first one's output: a screenshot's is large.
    return torch.linear(torch.gelu_(torch.linear(normed, first, first_bias), approximate="tanh"), second, second_bias)


def vision_positions(table: Tensor, entries: Tensor, weights: Tensor) -> Tensor:
    # Weighted sums of four rows of table [rows, D] for each patch, entries and weights [4, N]: [N, D], summed in float32 and rounded once.
    sums = torch.zeros([entries.size(1), table.size(1)], device=table.device)
    for corner in range(4):
        sums.addcmul_(table.index_select(0, entries[corner]).float(), weights[corner].unsqueeze(1))
    return sums.to(table.dtype)


def vision_merge(normed: Tensor, first: Tensor, first_bias: Tensor, second: Tensor, second_bias: Tensor) -> Tensor:
    # [B, N, D] -> [B, N / 4, out]: four neighbouring rows become one token.
    h = normed.view(normed.size(0), -1, first.size(1))
    return torch.linear(torch.gelu(torch.linear(h, first, first_bias)), second, second_bias)


def window_weights(q: Tensor, k: Tensor, kv_heads: int) -> Tensor:
    # q [H, W, d], k [G, L, d] -> attention of the last W queries over all L keys, [H, W, L] in the model's type; float32 until it is rounded.
    H, W, d = q.size(0), q.size(1), q.size(2)
    L = k.size(1)
    grouped = q.reshape(kv_heads, H // kv_heads * W, d).float()
    logits = torch.matmul(grouped, k.float().transpose(1, 2)).view(H, W, L) * (float(d) ** -0.5)
    future = torch.ones([W, W], device=q.device).triu(1).gt(0)
    logits.narrow(2, L - W, W).masked_fill_(future, float("-inf"))
    return torch.softmax(logits, -1).to(k.dtype)


def window_attention(q: Tensor, k: Tensor, kv_heads: int) -> Tensor:
    # The same summed over the queries, for the L - W keys before the window: [H, L - W] in float32. A long window goes group by group.
    if q.size(1) <= 32:
        return window_weights(q, k, kv_heads).narrow(2, 0, k.size(1) - q.size(1)).float().sum(1)
    n = q.size(0) // kv_heads
    return torch.cat([window_weights(q.narrow(0, g * n, n), k.narrow(0, g, 1), 1).narrow(2, 0, k.size(1) - q.size(1)).float().sum(1)
                      for g in range(kv_heads)])


def lookahead_sums(q: Tensor, k: Tensor, window: int, shifted: bool, softmax: bool) -> Tensor:
    # q [H, W + m, d]: the last W queries of the tokens of k [G, L, d], and those of m tokens after them. Their attention, summed: [H, L], float32.
    # Tokens after them see all keys; shifted, the queries see what those of the last W + m tokens see. Without the softmax, logits are summed.
    H, n, d = q.size(0), q.size(1), q.size(2)
    G, L = k.size(0), k.size(1)
    logits = torch.matmul(q.reshape(G, H // G * n, d).float(), k.float().transpose(1, 2)).view(H, n, L).mul_(float(d) ** -0.5)
    unseen = (torch.arange(n, device=q.device) + (L + 1 - (n if shifted else window))).clamp(min=1)
    hidden = torch.arange(L, device=q.device).unsqueeze(0).ge(unseen.unsqueeze(1))
    if not softmax:
        return logits.masked_fill_(hidden, 0.0).sum(1)
    return torch.softmax(logits.masked_fill_(hidden, float("-inf")), -1).to(k.dtype).float().sum(1)


def lookahead_attention(q: Tensor, k: Tensor, window: int, shifted: bool, softmax: bool) -> Tensor:
    # Many queries go group by group.
    n = q.size(0) // k.size(0)
    if q.size(1) <= 32:
        return lookahead_sums(q, k, window, shifted, softmax)
    return torch.cat([lookahead_sums(q.narrow(0, g * n, n), k.narrow(0, g, 1), window, shifted, softmax) for g in range(k.size(0))])


def branch_attend(q: Tensor, k: Tensor, v: Tensor, own_k: Tensor, own_v: Tensor, hidden: Tensor) -> Tuple[Tensor, Tensor]:
    # Queries q [H, m, d] over all rows k and v [S, L, d], and those of their own keys and values [G, m, d] that `hidden` [m, m] does not set to
    # -inf: what they take from the values [m, H * d], and the logarithms of their sums of exponentials [S, n * m], float32; n = H / S.
    S, m, d = k.size(0), q.size(1), q.size(2)
    n, scale = q.size(0) // S, float(d) ** -0.5
    grouped = q.reshape(S, n * m, d)
    if own_k.size(0) != S:
        own_k, own_v = own_k.repeat_interleave(S // own_k.size(0), 0), own_v.repeat_interleave(S // own_v.size(0), 0)
    if q.is_cuda and q.element_size() == 2:
        # The heads of a group are the group's queries, so that each key is read once.
        flash = torch._scaled_dot_product_flash_attention(grouped.unsqueeze(0), k.unsqueeze(0), v.unsqueeze(0), 0.0, False, False)
        of_rows, rows = flash[0].squeeze(0), flash[1].squeeze(0)
    else:
        logits = torch.matmul(grouped.float(), k.float().transpose(1, 2)) * scale
        of_rows, rows = torch.matmul(torch.softmax(logits, -1).to(v.dtype), v), torch.logsumexp(logits, -1)
    own = torch.matmul(grouped.float(), own_k.float().transpose(1, 2)).mul_(scale)
    own.view(S, n, m, m).add_(hidden)
    sums = torch.logaddexp(rows, torch.logsumexp(own, -1))
    of_own = torch.matmul(torch.exp(own - sums.unsqueeze(-1)), own_v.float())
    out = torch.addcmul(of_own, of_rows.float(), torch.exp(rows - sums).unsqueeze(-1)).to(v.dtype)
    return out.view(S, n, m, d).permute(2, 0, 1, 3).reshape(m, -1), sums


def branch_weights(q: Tensor, k: Tensor, sums: Tensor) -> Tensor:
    # Attention weights of queries q [H, m, d] over rows k [S, L, d], given the logarithms of their sums [S, n * m]: [H, m, L], float32
    S, d = k.size(0), q.size(2)
    logits = torch.matmul(q.reshape(S, -1, d).float(), k.float().transpose(1, 2)).mul_(float(d) ** -0.5)
    return logits.sub_(sums.unsqueeze(-1)).exp_().view(q.size(0), q.size(1), -1)


def branch_sum(q: Tensor, k: Tensor, sums: Tensor, shares: Tensor) -> Tensor:
    # The same weights, summed over a group's queries by what each of them counts, shares [n * m]: [S, L]
    return torch.matmul(shares, branch_weights(q, k, sums).view(k.size(0), -1, k.size(1)))


def value_norms(v: Tensor) -> Tensor:
    # lengths of values [G, L, d]: [G, L], float32
    return torch.linalg_vector_norm(v, 2.0, [2], False, dtype=6)  # 6 is float32


def attention_sparsity(q: Tensor, k: Tensor, kv_heads: int, threshold: float) -> Tensor:
    # The share of the attention weights of the last W queries that are at most threshold, among those not in their future: a scalar.
    H, W, L = q.size(0), q.size(1), k.size(1)
    n = H // kv_heads
    above = torch.zeros([], device=q.device)
    for g in range(kv_heads):
        above = above + window_weights(q.narrow(0, g * n, n), k.narrow(0, g, 1), 1).gt(threshold).sum()
    return 1.0 - above / float(H * (W * (L - W) + W * (W + 1) // 2))


def pinned_like(shape: Tensor) -> Tensor:
    # host memory of the same shape and type that a card can read by itself
    return shape.new_empty(shape.size(), pin_memory=True)


def patchify(pixels: Tensor, mean: Tensor, std: Tensor, patch: int, merge: int, temporal: int) -> Tensor:
    # pixels [B, height, width, 3] uint8 -> [B, N, 3 * temporal * patch * patch]; four consecutive rows are one merge group.
    B, h, w = pixels.size(0), pixels.size(1) // (patch * merge), pixels.size(2) // (patch * merge)
    x = (pixels.float() / 255.0 - mean) / std
    x = x.view(B, h, merge, patch, w, merge, patch, 3).permute(0, 1, 4, 2, 5, 7, 3, 6)
    x = x.reshape(B, h * w * merge * merge, 3, 1, patch * patch).expand(-1, -1, -1, temporal, -1)
    return x.flatten(2)
