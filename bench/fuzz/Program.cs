using Pds.Fuzz;

return Arguments.Parse(args) is { } arguments ? new Campaign(arguments).Run() : Arguments.Explain();
