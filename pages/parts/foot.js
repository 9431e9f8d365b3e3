// The tools beside Send.
const footState = ({ data }) => [data.may];

const footTools = (stage) => [templateTool(stage)];
