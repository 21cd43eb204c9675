using System.Diagnostics;
using StarKV.Runtime;

namespace StarKV.Cli.Tests.Issues;

/// <summary>A damaged library ended starkv doctor itself: exit code 135 and not a byte of output (reliability F11).</summary>
public sealed class DoctorDiedOfWhatItExamined : IDisposable
{
    private static readonly string s_whole = LibTorch.Load().Folder;

    private readonly TempFolder _folder = new();

    public DoctorDiedOfWhatItExamined()
    {
        foreach (var library in Directory.EnumerateFiles(s_whole, "lib*.so*").Where(f => !f.EndsWith("libc10.so", StringComparison.Ordinal)))
            File.CreateSymbolicLink(_folder.File(Path.GetFileName(library)), library);
    }

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(0)]
    [InlineData(64)]
    [InlineData(700_000)]
    public void A_library_that_was_cut_short_is_a_line(int length)
    {
        Put(File.ReadAllBytes(Path.Combine(s_whole, "libc10.so"))[..length]);
        Assert.Contains("libc10.so is damaged: it ", Broken(), StringComparison.Ordinal);
        Starkv("demo", "--overlay", _folder.File("kept.png")).Refused("libc10.so is damaged", "Install that libtorch again, or let STARKV_LIBTORCH name another folder.");
    }

    [Fact]
    public void Zeros_inside_of_a_library_are_a_line()
    {
        var bytes = File.ReadAllBytes(Path.Combine(s_whole, "libc10.so"));
        bytes.AsSpan(40_960, 819_200).Clear();
        Put(bytes);
        Assert.Contains("libc10.so", Broken(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("__builtin_trap();", "SIGILL")]
    [InlineData("abort();", "SIGABRT")]
    [InlineData("char name[] = \"/tmp/starkv-XXXXXX\"; int f = mkstemp(name); unlink(name); (void)*(volatile char *)mmap(0, 4096, PROT_READ, MAP_SHARED, f, 0);", "SIGBUS")]
    [InlineData("exit(3);", "with code 3")]
    public void A_library_that_ends_its_process_is_a_line(string code, string how)
    {
        Compile(code);
        Assert.Contains($"libc10.so cannot be loaded: the process that tried ended {(how.StartsWith("SIG", StringComparison.Ordinal) ? $"by {how}" : how)}", Broken(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_library_that_never_comes_back_is_ended()
    {
        Compile("sleep(3600);");
        var watch = Stopwatch.StartNew();
        Assert.Contains("the process that tried said nothing for 3 s and was ended", Broken("--patience", "3"), StringComparison.Ordinal);
        Assert.InRange(watch.Elapsed.TotalSeconds, 3, 120);
    }

    [Fact]
    public void What_is_whole_is_found_as_before()
    {
        File.CreateSymbolicLink(_folder.File("libc10.so"), Path.Combine(s_whole, "libc10.so"));
        var run = Starkv("doctor", "--device", "cpu", "--json");
        Assert.Equal((ExitCodes.Success, ""), (run.ExitCode, run.Error));
        Assert.All(run.Json.EnumerateArray(), c => Assert.True(c.GetProperty("ok").GetBoolean()));
    }

    /// <summary>What the doctor says of libtorch; everything else it finds as it is.</summary>
    private string Broken(params string[] options)
    {
        var run = Starkv(["doctor", "--device", "cpu", "--json", .. options]);
        Assert.Equal((ExitCodes.Failed, ""), (run.ExitCode, run.Error));
        var checks = run.Json.EnumerateArray().ToList();
        Assert.Equal(["system", "libstdc++", "libtorch", "pictures", "memory", "shipped model"], checks.Select(c => c.GetProperty("name").GetString()));
        Assert.Equal("libtorch", Assert.Single(checks, c => !c.GetProperty("ok").GetBoolean()).GetProperty("name").GetString());
        Assert.Equal("broken", checks[2].GetProperty("found").GetString());
        return checks[2].GetProperty("wayOut").GetString()!;
    }

    private void Put(byte[] bytes) => _folder.Write("libc10.so", bytes);

    private void Compile(string code)
    {
        var compiler = new[] { "/usr/bin/cc", "/usr/bin/gcc", "/usr/bin/clang" }.FirstOrDefault(File.Exists);
        Assert.SkipWhen(compiler is null, "there is no C compiler to make a library with");
        var source = _folder.Write("bad.c", $"#include <sys/mman.h>\n#include <stdlib.h>\n#include <unistd.h>\nvoid __attribute__((constructor)) begin(void) {{ {code} }}\n");
        var (exit, _, errors) = TestPrograms.Run(compiler!, "-shared", "-fPIC", "-o", _folder.File("libc10.so"), source);
        Assert.True(exit == 0, errors);
    }

    private CommandRun Starkv(params string[] arguments)
    {
        var (code, output, errors) = TestPrograms.Run(new ProcessStartInfo(Path.Combine(AppContext.BaseDirectory, "StarKV.Cli"), arguments) { Environment = { [LibTorch.FolderVariable] = _folder.Path } });
        return new CommandRun(code, output, errors);
    }
}
