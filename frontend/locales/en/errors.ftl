# Error messages; the key is err- and the server's code, with hyphens for underscores.
err-unknown-code = The server refused the request with the code “{ $code }”. Tell support the request number { $id }.
err-offline = The server cannot be reached. Check the connection and try again.
err-unreadable = The server answered something this version of the page does not understand (status { $status }). Reload the page.
err-file-too-large = The file “{ $name }” is larger than the limit of { $max }.
err-required = This field is required.
err-too-long = The text is longer than the limit of { $max } characters.
err-control-characters = The text holds hidden characters that change the reading direction. Type it again.
