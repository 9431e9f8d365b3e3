// The tools beside Send.
const footState = ({ data }) => [data.may, data.later];

const footTools = (stage) => [laterTool(stage), templateTool(stage)];
