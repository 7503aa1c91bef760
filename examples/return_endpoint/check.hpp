// Visits the running example as a browser would.
#pragma once

// Makes every visit of the demonstration over HTTP and looks at the pages. Prints a line for each
// and gives the process's exit code.
int check_every_visit(int port);
