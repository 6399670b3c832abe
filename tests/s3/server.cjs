// S3 decodes the source of a copy as a part of an address; s3rver decodes it as a whole one, which leaves the colons of DIDs encoded.
globalThis.decodeURI = decodeURIComponent;
require('s3rver/bin/s3rver.js');
