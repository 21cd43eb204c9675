using StarKV.AdaptTorchSharp;
using StarKV.Runtime.Native;

namespace StarKV.Tests.Runtime.Native;

/// <summary>The library that the build writes without a compiler.</summary>
public sealed class ScalarShimTests
{
    [Fact]
    public void The_build_puts_it_beside_the_program() =>
        Assert.Equal(ScalarShim.Write(), File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, ScalarShim.Name)));

    [Fact]
    public void It_needs_TorchSharp_s_library_alone()
    {
        using var folder = new TempFolder();
        Assert.Equal(["libLibTorchSharp.so"], ElfLibrary.NeedsOf(folder.Write(ScalarShim.Name, ScalarShim.Write())));
        Assert.Equal(ScalarLifetime.Library, ScalarShim.Name);
    }

    [Fact]
    public void Its_code_is_one_jump_through_its_variable()
    {
        var image = ScalarShim.Write();
        var slot = 6 + BitConverter.ToInt32(image, 0x1002);

        Assert.Equal([0xff, 0x25], image[0x1000..0x1002]);
        // Nothing else lies in the page of code, and the variable is the last of the file.
        Assert.All(image[0x1006..0x2000], b => Assert.Equal(0, b));
        Assert.Equal(image.Length - 8, 0x1000 + slot);
    }
}
