using StarKV.MiniGui.Training.Model;
using StarKV.Runtime;

namespace StarKV.MiniGui.Training.Tests.Model;

/// <summary>The switch of TorchScript that training sets in libtorch (docs/decisions/0045-torchscript-as-written.md).</summary>
public sealed class RunAsWrittenTests
{
    [Fact]
    public void It_is_set_and_can_be_left_alone()
    {
        // Other tests wait for this thread, so that none finds the variable.
        var (off, on) = TrainingThread.Run(() =>
        {
            var before = Environment.GetEnvironmentVariable(LibTorch.PatchVariable);
            Environment.SetEnvironmentVariable(LibTorch.PatchVariable, "0");
            try
            {
                var left = TrainingOps.RunAsWritten();
                Environment.SetEnvironmentVariable(LibTorch.PatchVariable, null);
                return (left, TrainingOps.RunAsWritten());
            }
            finally
            {
                Environment.SetEnvironmentVariable(LibTorch.PatchVariable, before);
            }
        });

        Assert.Equal((false, true), (off, on));
    }
}
