# TorchScript: what training needs on top of the engine's operations, which come before it in the same unit.
# B packs, L tokens per pack, H query heads, G key/value heads, d head dimension, A answers.


def packed_mask(segments: Tensor, like: Tensor) -> Tensor:
    # [B, L] -> [B, 1, L, L], 0 where a token sees another, -inf elsewhere: the prefix (segment 0) and its own block, up to itself.
    L = segments.size(1)
    causal = torch.ones([L, L], device=segments.device).tril().gt(0)
    keys = segments.unsqueeze(1)
    seen = ((keys == 0) | (keys == segments.unsqueeze(2))) & causal
    return like.new_zeros([segments.size(0), 1, L, L]).masked_fill_(seen.logical_not().unsqueeze(1), float("-inf"))


def repeated(x: Tensor, heads: int) -> Tensor:
    # Keys or values [T, G, d] for every query head: [H, T, d] in float32.
    return x.transpose(0, 1).float().repeat_interleave(heads // x.size(1), 0)


def grouped(x: Tensor, kv_heads: int) -> Tensor:
    # The way back, summed: [H, T, d] -> [T, G, d].
    return x.view(kv_heads, x.size(0) // kv_heads, x.size(1), x.size(2)).sum(1).transpose(0, 1)


def run_logits(q: Tensor, k: Tensor, causal: bool) -> Tensor:
    # [S, H, d], [T, G, d] -> [H, S, T] in float32.
    logits = torch.matmul(q.transpose(0, 1).float(), repeated(k, q.size(1)).transpose(1, 2)) * (float(q.size(2)) ** -0.5)
    return logits.masked_fill(torch.ones([q.size(0), k.size(0)], device=q.device).triu(1).gt(0), float("-inf")) if causal else logits


def flash(q: Tensor, k: Tensor, v: Tensor, q_bounds: Tensor, k_bounds: Tensor, longest_q: int, longest_k: int, causal: bool) -> Tuple[Tensor, Tensor, Tensor, Tensor]:
    # Attention of run i of the queries [q_bounds[i], q_bounds[i + 1]) over run i of the keys: q [S, H, d], k and v [T, G, d] -> [S, H, d],
    # the logarithm of each query's sum [H, S], and two tensors that the gradient is given back.
    if q.is_cuda and q.element_size() == 2:
        out, sums, state, unused, _ = torch._flash_attention_forward(q, k, v, q_bounds, k_bounds, longest_q, longest_k, 0.0, causal, False)
        return out, sums, state, unused
    out, sums = torch.empty_like(q), q.new_empty([q.size(1), q.size(0)]).float()
    for i in range(q_bounds.size(0) - 1):
        a, b, c, d = int(q_bounds[i]), int(q_bounds[i + 1]), int(k_bounds[i]), int(k_bounds[i + 1])
        logits = run_logits(q[a:b], k[c:d], causal)
        sums[:, a:b] = logits.logsumexp(-1)
        out[a:b] = torch.matmul(torch.softmax(logits, -1), repeated(v[c:d], q.size(1))).transpose(0, 1).to(q.dtype)
    return out, sums, sums, sums


def flash_gradient(gradient: Tensor, q: Tensor, k: Tensor, v: Tensor, out: Tensor, sums: Tensor, q_bounds: Tensor, k_bounds: Tensor,
                   longest_q: int, longest_k: int, causal: bool, state: Tensor, unused: Tensor) -> Tuple[Tensor, Tensor, Tensor]:
    if q.is_cuda and q.element_size() == 2:
        return torch._flash_attention_backward(gradient, q, k, v, out, sums, q_bounds, k_bounds, longest_q, longest_k, 0.0, causal, state, unused)
    dq, dk, dv = torch.zeros_like(q), torch.zeros_like(k), torch.zeros_like(v)
    H, scale = q.size(1), float(q.size(2)) ** -0.5
    for i in range(q_bounds.size(0) - 1):
        a, b, c, d = int(q_bounds[i]), int(q_bounds[i + 1]), int(k_bounds[i]), int(k_bounds[i + 1])
        weights = (run_logits(q[a:b], k[c:d], causal) - sums[:, a:b].unsqueeze(-1)).exp()
        given = gradient[a:b].transpose(0, 1).float()
        inner = torch.matmul(given, repeated(v[c:d], H).transpose(1, 2)) - (given * out[a:b].transpose(0, 1)).sum(-1, keepdim=True)
        changed = weights * inner * scale
        dq[a:b] = torch.matmul(changed, repeated(k[c:d], H)).transpose(0, 1).to(q.dtype)
        dk[c:d] = grouped(torch.matmul(changed.transpose(1, 2), q[a:b].transpose(0, 1).float()), k.size(1)).to(k.dtype)
        dv[c:d] = grouped(torch.matmul(weights.transpose(1, 2), given), v.size(1)).to(v.dtype)
    return dq, dk, dv


def packed_attend(heads: Tensor, H: int, G: int, bounds: Tensor, longest: int, blocks: Tensor, block_bounds: Tensor, longest_blocks: int,
                  prefix: Tensor, prefix_bounds: Tensor, longest_prefix: int) -> Tuple[Tensor, Tensor, Tensor, Tensor]:
    # heads [B * L, H + 2 G, d] -> [B * L, H, d]. Every run (prefix, block, padding) attends to itself in its order; a pack's blocks attend to its
    # prefix as well, and what the two gave is joined by their sums.
    q, k, v = heads.split([H, G, G], 1)
    out, sums, state, unused = flash(q, k, v, bounds, bounds, longest, longest, True)
    if blocks.size(0) > 0:
        near, near_sums = out.index_select(0, blocks), sums.index_select(1, blocks)
        far, far_sums, _, _ = flash(q.index_select(0, blocks), k.index_select(0, prefix), v.index_select(0, prefix),
                                    block_bounds, prefix_bounds, longest_blocks, longest_prefix, False)
        both = torch.logaddexp(near_sums, far_sums)
        share = (far_sums - both).exp().t().unsqueeze(-1)
        out.index_copy_(0, blocks, torch.lerp(near.float(), far.float(), share).to(out.dtype))
        sums.index_copy_(1, blocks, both)
    return out, sums, state, unused


def packed_attend_gradient(gradient: Tensor, heads: Tensor, out: Tensor, sums: Tensor, state: Tensor, unused: Tensor, H: int, G: int,
                           bounds: Tensor, longest: int, blocks: Tensor, block_bounds: Tensor, longest_blocks: int,
                           prefix: Tensor, prefix_bounds: Tensor, longest_prefix: int) -> Tensor:
    # With the joined values and sums each part's gradient is that of the whole.
    q, k, v = heads.split([H, G, G], 1)
    gradient = gradient.view_as(out)
    dq, dk, dv = flash_gradient(gradient, q, k, v, out, sums, bounds, bounds, longest, longest, True, state, unused)
    if blocks.size(0) > 0:
        fq, fk, fv = flash_gradient(gradient.index_select(0, blocks), q.index_select(0, blocks), k.index_select(0, prefix), v.index_select(0, prefix),
                                    out.index_select(0, blocks), sums.index_select(1, blocks), block_bounds, prefix_bounds, longest_blocks, longest_prefix,
                                    False, state, unused)
        dq.index_add_(0, blocks, fq)
        dk.index_add_(0, prefix, fk)
        dv.index_add_(0, prefix, fv)
    return torch.cat((dq, dk, dv), 1)


def embed(table: Tensor, ids: Tensor) -> Tensor:
    # As a product, exact all the same: its gradient neither adds to one row many times at once nor waits for a sort of the ids.
    return torch.matmul(table.new_zeros([ids.size(0), table.size(0)]).scatter_(1, ids.unsqueeze(1), 1.0), table)


def cell_logits(x: Tensor, gain: Tensor, scale: Tensor, embedding: Tensor, eps: float) -> Tensor:
    # Vision tokens [cells, D] -> logits over the vocabulary, in float32.
    return torch.linear(torch.rms_norm(x, [x.size(-1)], gain, eps), embedding).float() * scale.float().exp()


def place_logits(x: Tensor, heads: Tensor, eps: float) -> Tensor:
    # Vision tokens [cells, D] -> logits of their columns and of their rows by turns, [2 * cells, classes], in float32.
    return torch.linear(torch.rms_norm(x, [x.size(-1)], None, eps), heads).float().view(2 * x.size(0), -1)


def weights_of(q: Tensor, k: Tensor, mask: Tensor, pack: Tensor, rows: Tensor) -> Tensor:
    # Attention of the queries `rows` [A, R] (in the flat B * L) over their pack's keys: [A, G, group, R, L], float32.
    G, d, L = k.size(0), k.size(2), mask.size(3)
    A, R = rows.size(0), rows.size(1)
    queries = q.index_select(1, rows.flatten()).view(G, q.size(0) // G, A, R, d).permute(2, 0, 1, 3, 4)
    keys = k.view(G, mask.size(0), L, d).index_select(1, pack).transpose(0, 1)
    logits = torch.matmul(queries.flatten(2, 3), keys.transpose(2, 3)).float().view(A, G, q.size(0) // G, R, L) * (float(d) ** -0.5)
    seen = mask.view(-1, L).index_select(0, rows.flatten()).view(A, 1, 1, R, L)
    return torch.softmax(logits + seen.float(), -1)


def alignment(q: Tensor, k: Tensor, mask: Tensor, image: Tensor, pack: Tensor, prompt: Tensor, answer: Tensor, counts: Tensor) -> Tensor:
    # One layer's loss: the prompt's last tokens should look at the cells that the answer's tokens look at. The divergence of the first from the
    # second over the cells, weighed with the second's share on cells, so that heads which ignore the screenshot do not count.
    # q [H, B * L, d], k [G, B * L, d], image [B, L] with 1 for vision tokens, pack [A], prompt [A, W], answer [A, R], counts [A, R] 1 or 0.
    cells = image.index_select(0, pack).unsqueeze(1)
    observed = weights_of(q, k, mask, pack, prompt).sum(3).mean(2) * cells
    observed = observed / (observed.sum(-1, keepdim=True) + 1e-9)
    paid = weights_of(q.detach(), k.detach(), mask, pack, answer) * counts.view(counts.size(0), 1, 1, -1, 1)
    paid = (paid.sum(3) / counts.sum(1).view(-1, 1, 1, 1)).mean(2) * cells
    mass = paid.sum(-1)
    paid = paid / (mass.unsqueeze(-1) + 1e-9)
    return (mass * (paid * ((paid + 1e-6).log() - (observed + 1e-6).log())).sum(-1)).mean()


def orthogonal(m: Tensor, steps: int) -> Tensor:
    # A stack of matrices [n, r, c].
    tall = m.size(1) > m.size(2)
    x = m.transpose(1, 2) if tall else m
    x = x / (x.norm(2, [1, 2], True) + 1e-7)
    for _ in range(steps):
        a = torch.bmm(x, x.transpose(1, 2))
        x = torch.baddbmm(x, torch.baddbmm(a, a, a, beta=-4.7750, alpha=2.0315), x, beta=3.4445, alpha=1.0)
    x = x.float()
    return x.transpose(1, 2) if tall else x
