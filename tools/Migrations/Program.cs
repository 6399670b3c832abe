return; // dotnet-ef finds the context through PdsDbContextFactory in Pds.Infrastructure: there is nothing to run.
