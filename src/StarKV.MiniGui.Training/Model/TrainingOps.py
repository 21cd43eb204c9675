# TorchScript: what training needs on top of the engine's operations, which stand before it in the same unit.
# B packs, L tokens a pack, H query heads, G key/value heads, d head dimension, A answers.


def decoder_rotated(x: Tensor, norm: Tensor, qkv: Tensor, qkv_bias: Tensor, cos: Tensor, sin: Tensor,
                    heads: int, kv_heads: int, eps: float) -> Tuple[Tensor, Tensor, Tensor]:
    # The engine rotates in place; a gradient needs what was there before.
    all, _ = decoder_project(x, norm, qkv, qkv_bias, heads + 2 * kv_heads, x.size(0), eps)
    rotated, v = all.transpose(0, 1).split([heads + kv_heads, kv_heads])
    q, k = rotate(rotated, cos, sin).split([heads, kv_heads])
    return q, k, v


def decoder_finish(x: Tensor, attended: Tensor, out: Tensor, norm: Tensor, gate_up: Tensor, down: Tensor, eps: float) -> Tensor:
    x = x + torch.linear(attended, out)
    return x + torch.linear(gate(torch.linear(rms_norm(x, norm, eps), gate_up)), down)


def vision_block(x: Tensor, norm1: Tensor, qkv: Tensor, qkv_bias: Tensor, proj: Tensor, proj_bias: Tensor,
                 norm2: Tensor, gate_up: Tensor, gate_up_bias: Tensor, down: Tensor, down_bias: Tensor,
                 cos: Tensor, sin: Tensor, groups: Tensor, heads: int, eps: float) -> Tensor:
    # x [B, N, D]; cos and sin [N, d] in float32
    all = torch.linear(rms_norm(x, norm1, eps), qkv, qkv_bias).view(x.size(0), x.size(1), 3, heads, -1)
    rotated = rotate(all.narrow(2, 0, 2), cos.unsqueeze(1).unsqueeze(1), sin.unsqueeze(1).unsqueeze(1)).to(x.dtype)
    x = x + torch.linear(vision_attend(torch.cat((rotated, all.narrow(2, 2, 1)), 2), groups), proj, proj_bias)
    return x + torch.linear(gate(torch.linear(rms_norm(x, norm2, eps), gate_up, gate_up_bias)), down, down_bias)


def packed_mask(segments: Tensor, like: Tensor) -> Tensor:
    # [B, L] -> [B, 1, L, L], 0 where a token sees another, -inf elsewhere: the prefix (segment 0) and its own block, up to itself.
    L = segments.size(1)
    causal = torch.ones([L, L], device=segments.device).tril().gt(0)
    keys = segments.unsqueeze(1)
    seen = ((keys == 0) | (keys == segments.unsqueeze(2))) & causal
    return like.new_zeros([segments.size(0), 1, L, L]).masked_fill_(seen.logical_not().unsqueeze(1), float("-inf"))


def packed_attend(q: Tensor, k: Tensor, v: Tensor, mask: Tensor, causal: bool) -> Tensor:
    # q [H, B * L, d], k and v [G, B * L, d] -> [B * L, H * d]; causal: without blocks, so that the mask says no more than the order.
    B, L = mask.size(0), mask.size(3)
    H, d, group = q.size(0), q.size(2), q.size(0) // k.size(0)
    q = q.view(H, B, L, d).transpose(0, 1)
    k = k.repeat_interleave(group, 0).view(H, B, L, d).transpose(0, 1)
    v = v.repeat_interleave(group, 0).view(H, B, L, d).transpose(0, 1)
    # By name: what is chosen by itself may be a kernel that is planned anew for every shape.
    if q.is_cuda and q.element_size() == 2 and causal:
        out = torch._scaled_dot_product_flash_attention(q, k, v, 0.0, True)[0]
    elif q.is_cuda and q.element_size() == 2:
        out = torch._scaled_dot_product_efficient_attention(q, k, v, mask.expand(B, H, L, L), True, 0.0, False)[0]
    else:
        out = torch.scaled_dot_product_attention(q, k, v, mask)
    return out.transpose(1, 2).reshape(B * L, H * d)


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
