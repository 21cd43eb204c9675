using StarKV.Files;

namespace StarKV.Models;

/// <summary>What the vision towers of all families ask of a <c>vision_config</c>.</summary>
internal static class TowerChecks
{
    /// <summary>Colour channels of a screenshot.</summary>
    public const int Colours = 3;

    /// <summary>What lies between pixels and tokens is made for one side of a patch and of a merged token.</summary>
    /// <exception cref="StarKvException">The file has others.</exception>
    public static void Pixels(
        JsonFields vision, (int Patch, int Merge, int Colours) sizes, (int Patch, int Merge, int Colours) supported)
    {
        if (sizes != supported)
        {
            throw vision.Error(
                $"patch_size {sizes.Patch}, spatial_merge_size {sizes.Merge} and in_channels {sizes.Colours} are not supported; "
                    + $"only {supported.Patch}, {supported.Merge} and {supported.Colours} are.");
        }
    }

    /// <summary>Half of a head turns with the row, half with the column, each in pairs.</summary>
    /// <exception cref="StarKvException">The heads cannot be halved so.</exception>
    public static void Heads(JsonFields vision, int hidden, int heads)
    {
        if (hidden % heads != 0 || hidden / heads % 4 != 0)
            throw vision.Error($"vision hidden_size {hidden} must be a multiple of num_heads {heads} with a head size divisible by 4.");
    }

    /// <summary>Blocks that the file names are the tower's.</summary>
    /// <exception cref="StarKvException">One of them is not.</exception>
    public static void Blocks(JsonFields vision, string name, IEnumerable<int> blocks, int depth)
    {
        if (blocks.FirstOrDefault(block => block >= depth, -1) is >= 0 and var outside)
            throw vision.Error($"{name} names block {outside}, but depth is {depth}, so the last block is {depth - 1}.");
    }

    /// <summary>The MLP's function is the family's.</summary>
    /// <exception cref="StarKvException">The file names another.</exception>
    public static void Activation(JsonFields vision, string supported)
    {
        if (vision.Text("hidden_act") is { } act && act != supported)
            throw vision.Error($"the vision hidden_act is {MessageText.Name(act)}; only {supported} is supported.");
    }
}
