vgg38-bn-resnet.2027-01-15_08 û ñÂ±4zZ

action/c-6°ŠóÂ±4rule plateau")the loss stands still since iteration 120(œr	š™™™™™¹?