namespace StarKV.Kernels;

/// <summary>The sizes of a decoder, as the kernels of the decode want them.</summary>
/// <param name="Hidden">Hidden size D.</param>
/// <param name="Intermediate">Numbers inside the MLP.</param>
/// <param name="Heads">Query heads H.</param>
/// <param name="KvHeads">Key/value heads G.</param>
/// <param name="HeadDim">Head dimension d.</param>
/// <param name="Eps">The eps of its root-mean-square norms.</param>
internal readonly record struct DecoderSizes(int Hidden, int Intermediate, int Heads, int KvHeads, int HeadDim, float Eps);
