using System.CommandLine;
using StarKV.Hub;
using StarKV.Weights;

namespace StarKV.Cli.Commands;

/// <summary><c>starkv pull</c>: a checkpoint from the hub into the cache that the Python tools share.</summary>
internal static class PullCommand
{
    public static Command Create(Terminal terminal)
    {
        var model = new Argument<string>("MODEL") { Description = "ORG/NAME, or ORG/NAME@REVISION." };
        var revision = new Option<string?>("--revision") { Description = "A branch, a tag or a commit. Default: main.", HelpName = "R" };
        var include = new Option<string[]>("--include")
        {
            Description = "Further files, by their path in the repository; " +
            "* stands for any text. May be repeated.",
            HelpName = "GLOB"
        };
        var jobs = new Option<int>("--jobs")
        {
            Description = "Files fetched at the same time, 1 to " +
            "16.",
            DefaultValueFactory = _ => 4,
            HelpName = "N"
        };
        var endpoint = new Option<string?>("--endpoint")
        {
            Description = "The hub's address. Default: HF_ENDPOINT, " +
            "else https://huggingface.co.",
            HelpName = "URL"
        };
        var json = SharedOptions.Json();
        var command = new Command("pull", "Fetch a checkpoint from the hub, or the rest of it, " +
            "for --model ORG/NAME.") { model, revision, include, jobs, endpoint, json };
        command.SetAction(async (parsed, cancellation) =>
        {
            var wanted = HubModel.Parse(parsed.GetValue(model)!);
            if (parsed.GetValue(revision) is { } named)
                wanted = wanted.At(named);
            var settings = HubSettings.FromEnvironment() with { Jobs = parsed.GetValue(jobs) };
            if (parsed.GetValue(endpoint) is { } address)
                settings = settings with { Endpoint = HubSettings.ReadEndpoint(address, "--endpoint") };
            using var client = new HubClient(settings);
            var pull = await PullProgress.ShowAsync(terminal, $"Fetching " +
                $"{wanted}", progress => client.PullAsync(wanted, parsed.GetValue(include), progress, cancellation)).ConfigureAwait(false);
            if (parsed.GetValue(json))
            {
                terminal.WriteJson(new
                {
                    model = pull.Model.Id,
                    pull.Model.Revision,
                    pull.Commit,
                    pull.Folder,
                    pull.FetchedBytes,
                    files = pull.Files.Select(f => new { f.Path, f.Size, f.Hash }),
                });
            }
            else
            {
                terminal.WritePlain(pull.Folder);
            }

            return ExitCodes.Success;
        });
        return command;
    }
}
