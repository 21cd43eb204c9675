using System.Globalization;
using StarKV.Soak;

// StarKV.Soak MODE …: lines on stdout are "row" with the cells of a table, or "wrong" with a sentence, tabs between.
// Exit code 1 when something was wrong.
//   threads CALLS            eight threads, so many calls each, half of them cancelled
//   agents ANSWERS           two agents at once
//   dispose ROUNDS           an agent is disposed while three threads call it
//   soak ANSWERS MEBIBYTES   answers in a row about other pictures, with so much of the screens remembered
//   leaving STEPS            six clients in sessions, a third of whose steps is left at random
//   determinism REPEATS      every method again and again
//   hub FOLDER BYTES         serves a folder's files as org/tiny on 127.0.0.1, so many bytes a second, until it is ended
//   shape FOLDER             makes FOLDER/shape, a model folder without weights that trains quickly
var findings = new Findings();
switch (args)
{
    case ["threads", var calls]:
        CallingThreads.Run(findings, Number(calls));
        break;
    case ["agents", var answers]:
        TwoAgents.Run(findings, Number(answers));
        break;
    case ["dispose", var rounds]:
        DisposedWhileCalled.Run(findings, Number(rounds));
        break;
    case ["soak", var answers, var mebibytes]:
        AnswersInARow.Run(findings, Number(answers), (long)Number(mebibytes) << 20);
        break;
    case ["leaving", var steps]:
        LeavingClients.Run(findings, Number(steps));
        break;
    case ["determinism", var repeats]:
        RepeatedAnswers.Run(findings, Number(repeats));
        break;
    case ["hub", var folder, var bytes]:
        await LocalHub.RunAsync(folder, Number(bytes));
        break;
    case ["shape", var folder]:
        Console.WriteLine(TinyShape.Folder(folder));
        break;
    default:
        Console.Error.WriteLine("usage: StarKV.Soak threads|agents|dispose|soak|leaving|determinism|hub|shape …");
        return 2;
}

return findings.ExitCode;

static int Number(string text) => int.Parse(text, CultureInfo.InvariantCulture);
