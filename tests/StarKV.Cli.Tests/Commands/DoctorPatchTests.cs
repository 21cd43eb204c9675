using StarKV.Runtime;

namespace StarKV.Cli.Tests.Commands;

/// <summary>What the doctor says of changes to others' libraries.</summary>
[Collection(ProcessWideState.Name)]
public sealed class DoctorPatchTests
{
    private const string Unkept = "numbers may be freed while they are read";

    [Theory]
    [InlineData(null, false)]
    [InlineData("1", false)]
    [InlineData("0", true)]
    public async Task It_says_when_they_are_switched_off(string? value, bool said)
    {
        var before = Environment.GetEnvironmentVariable(LibTorch.PatchVariable);
        Environment.SetEnvironmentVariable(LibTorch.PatchVariable, value);
        try
        {
            var run = await CommandRun.In(500, "doctor", "--device", "cpu");

            Assert.Equal(ExitCodes.Success, run.ExitCode);
            Assert.Equal(said, run.Out.Contains($"{Unkept}: STARKV_PATCH is 0", StringComparison.Ordinal));
            Assert.Equal(said, run.Out.Contains(Unkept, StringComparison.Ordinal));
        }
        finally
        {
            Environment.SetEnvironmentVariable(LibTorch.PatchVariable, before);
        }
    }
}
