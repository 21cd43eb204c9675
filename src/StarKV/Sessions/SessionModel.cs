using StarKV.Cache;
using StarKV.Input;
using StarKV.Models;
using StarKV.Runtime;

namespace StarKV.Sessions;

/// <summary>What a session's file must fit: the model that its rows are to be used with.</summary>
/// <param name="Text">Sizes of the decoder.</param>
/// <param name="Compute">Device and number type.</param>
/// <param name="Resize">How screenshots are resized.</param>
/// <param name="Identity">What tells the model from others.</param>
internal sealed record SessionModel(TextConfig Text, Compute Compute, SmartResize Resize, string Identity)
{
    /// <summary>Sizes of its cache.</summary>
    public KvShape Shape => new(Text.Layers, Text.KvHeads, Text.HeadDim);
}
