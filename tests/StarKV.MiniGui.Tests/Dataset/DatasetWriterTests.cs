using System.Text.Json;
using StarKV.Input;
using StarKV.MiniGui.Dataset;
using StarKV.MiniGui.Draw;
using StarKV.MiniGui.Words;

namespace StarKV.MiniGui.Tests.Dataset;

public sealed class DatasetWriterTests
{
    private static readonly Sample[] s_samples = [SampleGenerator.OneScreen(1, Split.Test, new(448, 336)), SampleGenerator.History(2, Split.Test, new(336, 336), Order.First)];

    [Fact]
    public void The_files_hold_the_samples()
    {
        using var temp = new TempFolder();
        var folder = temp.File("new");
        DatasetWriter.Write(folder, s_samples);
        var rows = JsonSerializer.Deserialize<JsonElement[]>(File.ReadAllText(Path.Combine(folder, DatasetWriter.FileName)))!;
        Assert.Equal(s_samples.Sum(s => s.Questions.Count), rows.Length);
        using var painter = new ScreenPainter();
        foreach (var (row, (sample, question)) in rows.Zip(s_samples.SelectMany(s => s.Questions.Select(q => (s, q)))))
        {
            var shot = Screenshot.Load(Path.Combine(folder, row.GetProperty("img_filename").GetString()!));
            Assert.Equal(painter.Paint(sample.Frames[question.Frame]), shot.Rgb);
            Assert.Equal(question.Instruction, row.GetProperty("instruction").GetString());
            Assert.Equal(question.Answer, row.GetProperty("expected").GetString());
            Assert.Equal(sample.Frames.Take(question.Frame + 1).Select(painter.Checksum), row.GetProperty("sha256").EnumerateArray().Select(a => a.GetString()!));
            Assert.Equal(question.Frame + 1, row.GetProperty("frames").GetArrayLength());
            Assert.Equal(sample.PastActions.Take(question.Frame), row.GetProperty("past_actions").EnumerateArray().Select(a => a.GetString()!));
            var box = row.GetProperty("bbox");
            Assert.Equal(question.Target is { } t ? [t.X, t.Y, t.Width, t.Height] : [], box.ValueKind is JsonValueKind.Null ? [] : box.EnumerateArray().Select(n => n.GetInt32()));
        }

        Assert.Equal(rows.Length, rows.Select(r => r.GetProperty("id").GetString()).Distinct().Count());
        Assert.Equal(s_samples.Sum(s => s.Frames.Count) + 1, Directory.GetFiles(folder).Length);
    }

    [Fact]
    public void A_folder_with_something_in_it_is_left_alone()
    {
        using var temp = new TempFolder();
        temp.Write("mine.txt", "mine");
        Assert.Contains("exists already", Assert.Throws<IOException>(() => DatasetWriter.Write(temp.Path, s_samples)).Message, StringComparison.Ordinal);
        Assert.Equal("mine", File.ReadAllText(Assert.Single(Directory.GetFiles(temp.Path))));
    }

    [Fact]
    public void A_failure_leaves_nothing_behind()
    {
        using var temp = new TempFolder();
        using var stop = new CancellationTokenSource();
        IEnumerable<Sample> Stopping()
        {
            yield return s_samples[0];
            stop.Cancel();
            yield return s_samples[1];
        }

        Assert.Throws<OperationCanceledException>(() => DatasetWriter.Write(temp.File("new"), Stopping(), stop.Token));
        Assert.Empty(Directory.GetFileSystemEntries(temp.Path));
    }

    [Fact]
    public void A_sheet_is_a_picture_that_shows_every_sample()
    {
        var sheet = Screenshot.Decode(ContactSheet.Png(s_samples));
        Assert.True(sheet.Width >= s_samples.Max(s => s.Size.Width * s.Frames.Count) && sheet.Height > 336);
    }
}
