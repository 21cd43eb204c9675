using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using StarKV.Input;
using StarKV.Weights;

namespace StarKV.Models;

/// <summary>
/// Tells one loaded model from another, so that rows of the one are not given to the other: SHA-256 over its sizes, over how it sees
/// screenshots, and over the names, sizes, first and last bytes of its tensors.
/// </summary>
/// <remarks>Some hundred bytes of each tensor are read, whatever its size.</remarks>
internal static class ModelIdentity
{
    private const int Piece = 256, Digits = 32;

    /// <summary>The first 32 hex digits.</summary>
    /// <param name="checkpoint">The open weights.</param>
    /// <param name="config">The model's sizes.</param>
    /// <param name="pixels">How it sees screenshots.</param>
    public static string Of(CheckpointFolder checkpoint, ModelConfig config, PreprocessorConfig pixels)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Add(Sizes(config.Text, config.Family.ModelType));
        Add(FormattableString.Invariant(
            $"{pixels.PatchSize} {pixels.MergeSize} {pixels.TemporalPatchSize} {pixels.MinPixels} {pixels.MaxPixels}"));
        foreach (var number in pixels.ImageMean.Concat(pixels.ImageStd))
            Add(FormattableString.Invariant($"{number:R}"));
        foreach (var (name, tensor) in checkpoint.Tensors.OrderBy(t => t.Key, StringComparer.Ordinal))
        {
            Add($"{name} {tensor.DType}");
            hash.AppendData(MemoryMarshal.AsBytes(tensor.Shape.AsSpan()));
            var length = (int)Math.Min(Piece, tensor.ByteLength);
            hash.AppendData(tensor.Bytes(0, length));
            hash.AppendData(tensor.Bytes(tensor.ByteLength - length, length));
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset())[..Digits];

        void Add(string text) => hash.AppendData(Encoding.UTF8.GetBytes(text + "\n"));
    }

    private static string Sizes(TextConfig text, string family) => FormattableString.Invariant(
        $"{family} {text.Layers} {text.Heads} {text.KvHeads} {text.HeadDim} {text.HiddenSize} {text.VocabSize} {text.Rope} ")
            + FormattableString.Invariant($"{text.RopeTheta:R} {text.RmsNormEps:R} {string.Join(' ', text.MropeSection)}");
}
