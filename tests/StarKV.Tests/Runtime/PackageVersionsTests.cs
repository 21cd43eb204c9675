using System.Xml.Linq;
using StarKV.Runtime;
using StarKV.Runtime.Native;

namespace StarKV.Tests.Runtime;

/// <summary>Versions that the code repeats because it looks into the package folder.</summary>
public sealed class PackageVersionsTests
{
    [Fact]
    public void The_code_names_the_versions_that_are_restored()
    {
        Assert.Equal(TorchSharpBinding.Version, Restored("TorchSharp"));
        Assert.Equal(LibTorchFolder.CpuPackageVersion, Restored(LibTorchFolder.CpuPackage));
        Assert.Equal(Restored("TorchSharp"), typeof(TorchSharp.torch).Assembly.GetName().Version!.ToString(3));
    }

    private static string Restored(string package) =>
        (string)XDocument.Load(RepositoryFiles.Path("Directory.Packages.props")).Descendants("PackageVersion")
            .Single(p => (string?)p.Attribute("Include") == package).Attribute("Version")!;
}
