using System.Diagnostics.CodeAnalysis;

namespace StarKV.Text;

/// <summary>The added tokens that the chat format of the Qwen2 family is made of; <see cref="TurnEnd"/> is also OpenCUA's.</summary>
[Experimental("STARKV001")]
public static class Markers
{
    /// <summary>Begins a turn.</summary>
    public const string TurnStart = "<|im_start|>";

    /// <summary>Ends a turn.</summary>
    public const string TurnEnd = "<|im_end|>";

    /// <summary>Stands before an image.</summary>
    public const string VisionStart = "<|vision_start|>";

    /// <summary>Comes after an image.</summary>
    public const string VisionEnd = "<|vision_end|>";

    /// <summary>Stands for one vision token; in a prompt that is not yet expanded, for a whole image.</summary>
    public const string ImagePad = "<|image_pad|>";
}
